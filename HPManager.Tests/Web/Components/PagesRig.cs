using HPManager.Core.Discovery;
using Microsoft.Extensions.Options;
using System.Globalization;
using Bunit;
using HPManager.Core.Control;
using HPManager.Core.HeatPumps;
using HPManager.Core.History;
using HPManager.Core.Live;
using HPManager.Core.Manufacturers;
using HPManager.Core.Polling;
using HPManager.Core.Sensors;
using HPManager.Tests.Shared;
using HPManager.Web.Components.Charts;
using HPManager.Web.Components.Display;
using HPManager.Web.Demo;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Radzen;

namespace HPManager.Tests.Web.Components;

/// <summary>The pages over the real Core, with fake heat pumps, stores in memory and a browser that is not there.</summary>
internal sealed class PagesRig : BunitContext
{
    private readonly HeatpumpManager _manager;

    public PagesRig(params HeatPump[] heatPumps)
    {
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("en-US");
        Store = new MemoryHeatPumpStore(heatPumps);
        Live = new LiveValues(Time, NullLogger<LiveValues>.Instance);
        var registry = new ManufacturerRegistry([Make]);
        _manager = new HeatpumpManager(Store, registry, Live, [], new MemoryDeviceMemory(), Time, NullLogger<HeatpumpManager>.Instance);

        Services.AddSingleton<TimeProvider>(Time);
        Services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        Services.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        Services.AddSingleton<IHeatPumpStore>(Store);
        Services.AddSingleton<ITimeSeriesStore>(History);
        Services.AddSingleton<IHistorySource>(History);
        Services.AddSingleton(Live);
        Services.AddSingleton<DemoNotice>();
        Services.AddSingleton(registry);
        Services.AddSingleton(_manager);
        Services.AddSingleton<IEndpointDoor>(_manager);
        Services.AddSingleton<HeatPumpDirectory>();
        Services.AddSingleton<ConnectionTest>();
        Services.AddSingleton<IDeviceMemory, MemoryDeviceMemory>();
        Services.AddSingleton<HeldWrites>();
        Services.AddSingleton<NetworkSearch>();
        Services.AddSingleton<IBrokerListener, DeafListener>();
        Services.AddSingleton(Options.Create(new DiscoveryOptions { Ranges = ["127.0.0.1/32"] }));
        Services.AddSingleton<WriteControl>();
        Services.AddScoped<Viewer>();
        Services.AddSingleton<IChartMarks, HistoryMarks>();
        Services.AddRadzenComponents();

        JSInterop.Mode = JSRuntimeMode.Loose;
        JSInterop.SetupModule(Viewer.Module).Mode = JSRuntimeMode.Loose;
        var chart = JSInterop.SetupModule("./Components/Charts/TimeSeriesChart.razor.js");
        chart.Mode = JSRuntimeMode.Loose;
        Chart = chart.SetupModule(invocation => invocation.Identifier == "create");
        Chart.Mode = JSRuntimeMode.Loose;
    }

    public ManualTime Time { get; } = new(new DateTimeOffset(2026, 1, 15, 14, 2, 7, TimeSpan.Zero));

    public FakeMake Make { get; } = new();

    public MemoryHeatPumpStore Store { get; }

    public MemoryTimeSeriesStore History { get; } = new();

    public LiveValues Live { get; }

    /// <summary>What the pages asked of the chart in the browser.</summary>
    public BunitJSModuleInterop Chart { get; }

    public string Url => Services.GetRequiredService<NavigationManager>().ToBaseRelativePath(Services.GetRequiredService<NavigationManager>().Uri);

    public void GoTo(string url) => Services.GetRequiredService<NavigationManager>().NavigateTo(url);

    /// <summary>Polls every configured heat pump until each has a state that counts.</summary>
    public async Task StartAsync()
    {
        await _manager.StartAsync(CancellationToken.None);
        await AdvanceUntil(() => Live.All.Count > 0 && Live.All.All(state => state.Snapshot is not null || state.LastError is not null));
    }

    /// <summary>A heat pump that says what the test wants, without a poll.</summary>
    public HeatPumpState Show(HeatPumpState state)
    {
        Live.Set(state);
        return state;
    }

    public HeatPumpState StateOf(HeatPump heatPump, params (SensorDefinition Sensor, Reading Reading)[] readings) => new()
    {
        HeatPump = heatPump,
        Model = Make.Model,
        Connection = ConnectionState.Online,
        Since = Time.GetUtcNow(),
        Snapshot = new Snapshot(
            heatPump.Id,
            Time.GetUtcNow(),
            new SensorSet([.. readings.Select(pair => pair.Sensor)]),
            [.. readings.Select(pair => pair.Reading)]),
    };

    public Reading Good(double value, string? text = null) => new(value, text, Quality.Good, Time.GetUtcNow());

    /// <summary>Moves the clock until a condition holds.</summary>
    public Task AdvanceUntil(Func<bool> condition) => Eventually.IsTrue(() =>
    {
        if (condition()) return true;
        Time.Advance(TimeSpan.FromMilliseconds(250));
        return condition();
    });
}

/// <summary>Listens to nobody.</summary>
internal sealed class DeafListener : IBrokerListener
{
    public IReadOnlyList<ParameterDefinition> Parameters { get; } = [new() { Key = "host", Label = "Host", Kind = ParameterKind.Host, IsRequired = true }];

    public Task<Failure?> ListenAsync(Settings broker, TimeSpan time, Action<Sighting> found, CancellationToken cancellationToken) =>
        Task.FromResult<Failure?>(new Failure(FailureCause.PortClosed, "Nobody is there.", "Check the address."));
}
