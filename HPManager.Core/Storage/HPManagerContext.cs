using System.Text.Json;
using HPManager.Core.Accounts;
using HPManager.Core.Alerts;
using HPManager.Core.Dashboards;
using HPManager.Core.HeatPumps;
using HPManager.Core.Jobs;
using HPManager.Core.Sensors;
using HPManager.Core.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace HPManager.Core.Storage;

/// <summary>The configuration's tables. The records of the domain are mapped as they are.</summary>
internal sealed class HPManagerContext(DbContextOptions<HPManagerContext> options) : DbContext(options)
{
    public DbSet<HeatPump> HeatPumps => Set<HeatPump>();

    public DbSet<DeviceFinding> Findings => Set<DeviceFinding>();

    public DbSet<Account> Accounts => Set<Account>();

    public DbSet<IdSequence> Sequences => Set<IdSequence>();

    public DbSet<StoredDocument> Documents => Set<StoredDocument>();

    /// <summary>Saves a change or a removal; false when somebody else removed the row since it was looked for.</summary>
    public async Task<bool> TrySaveAsync(CancellationToken cancellationToken)
    {
        try
        {
            await SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateConcurrencyException)
        {
            return false;
        }
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<HeatPumpId>().HaveConversion<HeatPumpIdConverter>();
        configurationBuilder.Properties<SensorKey>().HaveConversion<SensorKeyConverter>();
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<HeatPump>(MapHeatPump);
        modelBuilder.Entity<Dashboard>(table =>
        {
            MapOwned(table, "dashboards", dashboard => dashboard.Id);
            AsJson(table.Property(dashboard => dashboard.Tiles));
        });
        modelBuilder.Entity<AlertRule>(table =>
        {
            MapOwned(table, "alerts", rule => rule.Id);
            table.Property(rule => rule.Condition).HasConversion(value => SnakeCaseEnum.Key(value), key => Member<AlertCondition>(key));
            table.Property(rule => rule.Severity).HasConversion(value => SnakeCaseEnum.Key(value), key => Member<AlertSeverity>(key));
        });
        modelBuilder.Entity<Job>(table =>
        {
            MapOwned(table, "jobs", job => job.Id);
            AsJson(table.Property(job => job.Days));
            table.Property(job => job.At).HasConversion(
                time => time.ToString("HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture),
                text => TimeOnly.ParseExact(text, "HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture));
        });
        modelBuilder.Entity<DeviceFinding>(table =>
        {
            table.ToTable("device_findings").HasKey(finding => new { finding.HeatPumpId, finding.Topic });
            BelongsToHeatPump(table);
        });
        modelBuilder.Entity<Account>(table =>
        {
            table.ToTable("accounts").HasKey(account => account.Id);
            table.Property(account => account.SignedInAt).HasConversion(
                moment => moment.ToUnixTimeSeconds(), seconds => DateTimeOffset.FromUnixTimeSeconds(seconds));
        });
        modelBuilder.Entity<IdSequence>().ToTable("id_sequences").HasKey(sequence => sequence.Name);
        modelBuilder.Entity<StoredDocument>().ToTable("documents").HasKey(document => document.Name);
        NameColumns(modelBuilder);
    }

    private static void MapHeatPump(EntityTypeBuilder<HeatPump> table)
    {
        table.ToTable("heat_pumps").HasKey(heatPump => heatPump.Id);
        table.Property(heatPump => heatPump.Name).UseCollation("NOCASE");
        table.HasIndex(heatPump => heatPump.Name).IsUnique();
        table.Property(heatPump => heatPump.Interval).HasColumnName("interval_seconds")
            .HasConversion(interval => (long)interval.TotalSeconds, seconds => TimeSpan.FromSeconds(seconds));
        AsJson(table.Property(heatPump => heatPump.Connection));
        AsJson(table.Property(heatPump => heatPump.Options));
    }

    private static void MapOwned<T>(EntityTypeBuilder<T> table, string name, System.Linq.Expressions.Expression<Func<T, object?>> key)
        where T : class
    {
        table.ToTable(name).HasKey(key);
        BelongsToHeatPump(table);
    }

    private static void BelongsToHeatPump<T>(EntityTypeBuilder<T> table)
        where T : class
    {
        table.Property<HeatPumpId>("HeatPumpId").HasColumnName("heatpump_id");
        table.HasOne<HeatPump>().WithMany().HasForeignKey("HeatPumpId").OnDelete(DeleteBehavior.Cascade);
    }

    private static void AsJson<T>(PropertyBuilder<T> property)
        where T : class =>
        property.HasConversion(
            value => JsonSerializer.Serialize(value, JsonSerializerOptions.Web),
            text => JsonSerializer.Deserialize<T>(text, JsonSerializerOptions.Web)!,
            new ValueComparer<T>(
                (one, other) => JsonSerializer.Serialize(one, JsonSerializerOptions.Web) == JsonSerializer.Serialize(other, JsonSerializerOptions.Web),
                value => JsonSerializer.Serialize(value, JsonSerializerOptions.Web).GetHashCode(StringComparison.Ordinal),
                value => value));

    private static T Member<T>(string key)
        where T : struct, Enum => SnakeCaseEnum.TryParse<T>(key, out var value)
            ? value
            : throw new FormatException($"'{key}' is no {typeof(T).Name}: {string.Join(", ", SnakeCaseEnum.Keys<T>())}.");

    private static void NameColumns(ModelBuilder modelBuilder)
    {
        foreach (var property in modelBuilder.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties()))
        {
            if (property.FindAnnotation("Relational:ColumnName") is null) property.SetColumnName(SnakeCase.FromPascalCase(property.Name));
        }
    }

    private sealed class HeatPumpIdConverter()
        : Microsoft.EntityFrameworkCore.Storage.ValueConversion.ValueConverter<HeatPumpId, string>(id => id.Value, text => HeatPumpId.Parse(text));

    private sealed class SensorKeyConverter()
        : Microsoft.EntityFrameworkCore.Storage.ValueConversion.ValueConverter<SensorKey, string>(key => key.Value, text => SensorKey.Parse(text));
}

/// <summary>What a driver found out about a heat pump.</summary>
internal sealed class DeviceFinding
{
    public required HeatPumpId HeatPumpId { get; init; }

    public required string Topic { get; init; }

    public required string Content { get; set; }
}

/// <summary>The highest number ever given, so that none is given twice.</summary>
internal sealed class IdSequence
{
    public required string Name { get; init; }

    public int Last { get; set; }
}

/// <summary>Settings that are read and written as a whole.</summary>
internal sealed class StoredDocument
{
    public required string Name { get; init; }

    public required string Content { get; set; }
}
