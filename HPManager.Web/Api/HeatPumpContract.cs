using HPManager.Core.HeatPumps;
using HPManager.Core.Live;
using HPManager.Core.Manufacturers;

namespace HPManager.Web.Api;

/// <summary>
/// A configured heat pump. An answer can be changed and sent back as it is: what the server gives is ignored in a request.
/// </summary>
public sealed record HeatPumpContract
{
    /// <summary>Given by the server. In PUT either left out or the same as in the path.</summary>
    public string? Id { get; init; }

    /// <summary>What the owner calls it, 1 to 80 characters, unlike any other heat pump's. Not needed for a connection test.</summary>
    public string Name { get; init; } = "";

    /// <summary>Where it stands, at most 120 characters; null for nothing.</summary>
    public string? Location { get; init; }

    /// <summary>Key of the manufacturer, such as idm.</summary>
    public required string Manufacturer { get; init; }

    /// <summary>Key of the model, such as navigator_2_0.</summary>
    public required string Model { get; init; }

    /// <summary>
    /// How it is reached: the kind, and the kind's parameters as the model lists them, such as host, port and unit_id. Secrets are never told; one that a
    /// request leaves out stays as it is as long as it goes to the same endpoint, and an empty one is taken away.
    /// </summary>
    public required Settings Connection { get; init; }

    /// <summary>Device options as the model lists them, such as heating circuits; those left out take their defaults.</summary>
    public Settings? Options { get; init; }

    /// <summary>Seconds between two polls, 1 to 3600; the model's own default when left out.</summary>
    public int? Interval { get; init; }

    /// <summary>Whether it is polled.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>How it is doing. Given by the server, ignored in a request.</summary>
    public HeatPumpStatus? Status { get; init; }

    internal static HeatPumpContract Of(HeatPumpState state) => Shown(state.Model.WithoutSecrets(state.HeatPump)) with { Status = HeatPumpStatus.Of(state) };

    internal static HeatPumpContract Of(HeatPump heatPump, ManufacturerRegistry registry) => registry.TryGetModel(heatPump.Manufacturer, heatPump.Model, out var model)
        ? Shown(model.WithoutSecrets(heatPump))
        : Shown(heatPump with { Connection = heatPump.Connection with { Settings = Settings.Empty } });

    private static HeatPumpContract Shown(HeatPump heatPump) => new()
    {
        Id = heatPump.Id.Value,
        Name = heatPump.Name,
        Location = heatPump.Location,
        Manufacturer = heatPump.Manufacturer,
        Model = heatPump.Model,
        Connection = heatPump.Connection.Settings.With("kind", heatPump.Connection.Kind),
        Options = heatPump.Options,
        Interval = (int)heatPump.Interval.TotalSeconds,
        Enabled = heatPump.Enabled,
    };

    internal HeatPump ToHeatPump(HeatPumpId id, ManufacturerRegistry registry) => new()
    {
        Id = id,
        Name = Name,
        Location = Location,
        Manufacturer = Manufacturer,
        Model = Model,
        Connection = new ConnectionConfig(Connection["kind"] ?? "", Connection.With("kind", null)),
        Options = Options ?? Settings.Empty,
        Interval = Interval is { } seconds
            ? TimeSpan.FromSeconds(seconds)
            : registry.TryGetModel(Manufacturer, Model, out var model) ? model.DefaultInterval : HeatPump.DefaultInterval,
        Enabled = Enabled,
    };
}

/// <summary>How a heat pump is doing.</summary>
/// <param name="State">Whether it answers.</param>
/// <param name="Since">Since when, UTC.</param>
/// <param name="LastError">The newest failure; null when there was none since it last answered.</param>
/// <param name="At">Time of the newest snapshot, UTC; null before the first.</param>
/// <param name="LatenessSeconds">How late the newest poll began, to the millisecond.</param>
/// <param name="MissedPolls">Polls left out because the one before took too long, since the program started.</param>
public sealed record HeatPumpStatus(
    ConnectionState State, DateTimeOffset Since, Failure? LastError, DateTimeOffset? At, double LatenessSeconds, long MissedPolls)
{
    internal static HeatPumpStatus Of(HeatPumpState state) =>
        new(state.Connection, state.Since, state.LastError, state.Snapshot?.At, Math.Round(state.Lateness.TotalSeconds, 3), state.MissedPolls);
}
