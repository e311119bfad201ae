using System.Collections.Concurrent;
using HPManager.Core.HeatPumps;
using HPManager.Core.History;
using HPManager.Core.History.Engines;

namespace HPManager.Tests.Shared;

/// <summary>A time-series engine in memory, which fails as the test wants.</summary>
internal sealed class FakeEngine : IHistoryEngine
{
    public ConcurrentQueue<DateTimeOffset> Taken { get; } = new();

    public ConcurrentQueue<bool> MayBeThere { get; } = new();

    /// <summary>Makes it take and answer nothing.</summary>
    public EngineException? Fault { get; set; }

    public int MostPolls { get; set; } = int.MaxValue;

    public int LosesAnswers { get; set; }

    public string? Refuses { get; set; }

    public int Calls { get; private set; }

    /// <summary>Whose polls it was given last, as they were to be tagged.</summary>
    public EngineHeatPump? Fed { get; private set; }

    /// <summary>How often it was asked for history.</summary>
    public int Questions { get; private set; }

    public ValueTask<string> TestAsync(CancellationToken cancellationToken) => Fault is { } fault ? throw fault : ValueTask.FromResult("Fake 1");

    public ValueTask<EngineReceipt> WriteAsync(EngineBatch batch, CancellationToken cancellationToken)
    {
        Calls++;
        if (Fault is { } fault) throw fault;
        if (batch.Polls.Times.Count > MostPolls) throw new EngineException(EngineFault.TooLarge, "too large");
        MayBeThere.Enqueue(batch.MayBeThere);
        if (LosesAnswers-- > 0) throw new EngineException(EngineFault.Slow, "no answer in time");
        Fed = batch.HeatPump;
        foreach (var time in batch.Polls.Times) Taken.Enqueue(time);
        return ValueTask.FromResult(Refuses is null ? new EngineReceipt(batch.Polls.Times.Count, 0, []) : new EngineReceipt(batch.Polls.Times.Count, 1, [Refuses]));
    }

    public ValueTask<HistoryTable> QueryAsync(HistoryQuery query, CancellationToken cancellationToken)
    {
        Questions++;
        return Fault is { } fault ? throw fault : ValueTask.FromResult(new HistoryTable([], [.. query.Sensors.Select(_ => HistoryColumn.OfGaps(0))], TimeSpan.Zero));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>A kind of engine with the parameters and variables of InfluxDB; it connects to <see cref="Engine"/>, wherever it is said to be.</summary>
internal sealed class FakeEngineType : IHistoryEngineType
{
    public FakeEngine Engine { get; } = new();

    /// <summary>What it was connected with last.</summary>
    public Settings? Used { get; private set; }

    public string Key => "influxdb";

    public string Name => "InfluxDB";

    public string Description => "A fake.";

    public IReadOnlyList<ParameterDefinition> Parameters { get; } =
    [
        new() { Key = "url", Label = "Address", Kind = ParameterKind.Text, IsRequired = true },
        new() { Key = "token", Label = "Token", Kind = ParameterKind.Secret },
        new() { Key = "bucket", Label = "Bucket", Kind = ParameterKind.Text, Default = "heatpump" },
    ];

    public IReadOnlyList<string> AddressKeys { get; } = ["url"];

    public IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>
    {
        ["url"] = "INFLUXDB_URL",
        ["token"] = "INFLUXDB_TOKEN",
        ["bucket"] = "INFLUXDB_BUCKET",
    };

    public IHistoryEngine Create(Settings settings)
    {
        Used = settings;
        return Engine;
    }
}
