using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace HPManager.Core.Storage;

/// <summary>For <c>dotnet ef migrations add</c>, which needs a context without the program.</summary>
internal sealed class DesignTimeContext : IDesignTimeDbContextFactory<HPManagerContext>
{
    public HPManagerContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<HPManagerContext>().UseSqlite("Data Source=design-time.db").Options);
}
