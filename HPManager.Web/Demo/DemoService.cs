using System.Globalization;
using System.Net.Sockets;
using HPManager.Core.Accounts;
using HPManager.Core.HeatPumps;
using HPManager.Core.History;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Drivers.Simulation;
using HPManager.Drivers.Simulation.Viessmann;

namespace HPManager.Web.Demo;

/// <summary>
/// Runs the demo's houses behind real sockets, configures the first of them, and lets them have lived for a day, so that charts are not empty.
/// Everything else is the product as it is.
/// </summary>
internal sealed partial class DemoService(
    ManufacturerRegistry registry,
    HeatPumpDirectory directory,
    ITimeSeriesStore history,
    DemoNotice notice,
    DemoCloud cloud,
    AccountSignIns signIns,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<DemoService> logger) : BackgroundService
{
    private static readonly TimeSpan Life = TimeSpan.FromDays(3);
    private static readonly TimeSpan Remembered = TimeSpan.FromHours(24);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RememberedEvery = TimeSpan.FromMinutes(5);

    private readonly List<ISimulatedServer> _servers = [];

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        foreach (var server in _servers) await server.DisposeAsync();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // A program that cannot listen ends before it has begun; nothing may be configured meanwhile.
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (lifetime.ApplicationStarted.Register(started.SetResult))
            await started.Task.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (stoppingToken.IsCancellationRequested) return;
        notice.IsRemembering = true;
        var began = time.GetUtcNow();
        var configured = new List<(DemoHouse House, HeatPumpModel Model, HeatPump HeatPump)>();
        foreach (var house in DemoHouse.All)
        {
            if (!registry.TryGetModel(house.Manufacturer, house.Model, out var model)) continue;
            var server = Serve(house, model);
            if (house.IsConfigured)
            {
                var connection = server is SimulatedViessmannCloud
                    ? new ConnectionConfig(model.Connections[0].Kind, await DemoCloud.SignInAsync(signIns, stoppingToken))
                    : Connection(model, server.Port);
                var saved = await directory.AddAsync(Configuration(house, connection), stoppingToken);
                if (saved.HeatPump is { } heatPump) configured.Add((house, model, heatPump));
            }
            else
            {
                notice.Waiting = $"{model.Name} at 127.0.0.1, port {server.Port.ToString(CultureInfo.InvariantCulture)}";
            }

            Log.Serving(logger, house.Name, model.Name, server.Port);
        }

        foreach (var (house, model, heatPump) in configured) await RememberAsync(house, model, heatPump, began, stoppingToken);
        notice.IsRemembering = false;
    }

    private static ConnectionConfig Connection(HeatPumpModel model, int port) => new(
        model.Connections[0].Kind, new Settings([new("host", "127.0.0.1"), new("port", port.ToString(CultureInfo.InvariantCulture))]));

    private static HeatPump Configuration(DemoHouse house, ConnectionConfig connection) => new()
    {
        Id = default,
        Name = house.Name,
        Location = house.Location,
        Manufacturer = house.Manufacturer,
        Model = house.Model,
        Connection = connection,
        Options = house.Options,
        Interval = Interval,
    };

    private ISimulatedServer Serve(DemoHouse house, HeatPumpModel model)
    {
        var heatPump = new SimulatedHeatPump(house.Plant, house.Seed, time, past: Life);
        ISimulatedServer server;
        try
        {
            server = SimulatedSite.Start(model, house.Options, heatPump, time, house.Port == DemoCloud.UsualPort ? cloud.Port : house.Port);
        }
        catch (SocketException)
        {
            // Somebody else has the usual port, a second demo perhaps.
            server = SimulatedSite.Start(model, house.Options, heatPump, time);
        }

        _servers.Add(server);
        return server;
    }

    private async Task RememberAsync(DemoHouse house, HeatPumpModel model, HeatPump heatPump, DateTimeOffset began, CancellationToken cancellationToken)
    {
        var clock = new PastClock(began - Remembered);
        var twin = new SimulatedHeatPump(house.Plant, house.Seed, clock, past: Life - Remembered);
        var batch = new List<Snapshot>();
        await foreach (var snapshot in SimulatedPast.LiveThroughAsync(model, heatPump, twin, clock, began, RememberedEvery, time, cancellationToken))
        {
            batch.Add(snapshot);
            if (batch.Count < 60) continue;
            await history.AppendAsync(batch, cancellationToken);
            batch.Clear();
        }

        await history.AppendAsync(batch, cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 200, Level = LogLevel.Information, Message = "Demo: {House}, a simulated {Model}, answers at 127.0.0.1:{Port}")]
        public static partial void Serving(ILogger logger, string house, string model, int port);
    }
}
