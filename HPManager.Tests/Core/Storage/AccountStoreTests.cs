using HPManager.Core.Accounts;
using HPManager.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace HPManager.Tests.Core.Storage;

public sealed class AccountStoreTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Accounts_OverARestart_AreWhatTheyWere()
    {
        var moment = new DateTimeOffset(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);
        await RunAsync(async store =>
        {
            var added = await store.AddAsync(new Account { Id = "ignored", Service = "cloud", ClientId = "c", Places = "1,2", Secret = "s", SignedInAt = moment }, default);
            Assert.Equal("cloud-1", added.Id);
            Assert.Equal("cloud-2", (await store.AddAsync(added with { ClientId = "d" }, default)).Id);
            Assert.True(await store.KeepSpendingAsync("cloud-1", "spent", default));
        });

        await RunAsync(async store => Assert.Equal(
            new Account { Id = "cloud-1", Service = "cloud", ClientId = "c", Places = "1,2", Secret = "s", Spending = "spent", SignedInAt = moment },
            await store.FindAsync("cloud-1", default)));
    }

    [Fact]
    public Task Changes_TouchOnlyWhatTheyName() => RunAsync(async store =>
    {
        var account = await store.AddAsync(new Account { Service = "cloud", ClientId = "c", Secret = "old", SignedInAt = DateTimeOffset.UnixEpoch }, default);
        var changes = Enumerable.Range(0, 20).Select(number => number % 2 == 0 ? store.KeepSecretAsync(account.Id, $"new {number}", default) : store.KeepSpendingAsync(account.Id, $"spent {number}", default));
        Assert.All(await Task.WhenAll(changes), Assert.True);

        var kept = (await store.FindAsync(account.Id, default))!;
        Assert.StartsWith("new", kept.Secret, StringComparison.Ordinal);
        Assert.StartsWith("spent", kept.Spending, StringComparison.Ordinal);
        Assert.True(await store.SignInAgainAsync(kept with { Secret = "again", Spending = "not this", Places = "9" }, default));
        Assert.Equal(("again", kept.Spending, "9"), ((await store.FindAsync(account.Id, default))!.Secret, (await store.FindAsync(account.Id, default))!.Spending, (await store.FindAsync(account.Id, default))!.Places));
        Assert.True(await store.KeepSecretAsync(account.Id, null, default));
        Assert.Null((await store.FindAsync(account.Id, default))!.Secret);
    });

    [Fact]
    public Task List_OfOneCloud_HasNoOthers() => RunAsync(async store =>
    {
        await store.AddAsync(new Account { Service = "cloud", ClientId = "c", SignedInAt = DateTimeOffset.UnixEpoch }, default);
        await store.AddAsync(new Account { Service = "sky", ClientId = "c", SignedInAt = DateTimeOffset.UnixEpoch }, default);

        Assert.Equal(["sky-2"], (await store.ListAsync("sky", default)).Select(account => account.Id));
        Assert.Null(await store.FindAsync("sky-1", default));
        Assert.False(await store.KeepSecretAsync("sky-1", "x", default));
    });

    private async Task RunAsync(Func<IAccountStore, Task> act)
    {
        using var host = _folder.CreateHost();
        await host.StartAsync();
        await act(host.Services.GetRequiredService<IAccountStore>());
        await host.StopAsync();
    }
}
