using System.Globalization;
using HPManager.Core.Live;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Web.Components.Controls;

namespace HPManager.Web.Components.Display;

/// <summary>What a heat pump is doing, in one line of words, with the icon and the tone that say the same.</summary>
/// <param name="Text">Without a full stop.</param>
/// <param name="Icon">Doubles the tone for eyes that do not see colours.</param>
/// <param name="Tone">Suffix of the CSS variables that colour it: <c>heating</c>, <c>fault</c>, <c>quiet</c>.</param>
public sealed record StateSentence(string Text, IconName Icon, string Tone)
{
    /// <summary>Words a heat pump's state.</summary>
    public static StateSentence Of(HeatPumpState state, Viewer viewer) => state.Connection switch
    {
        ConnectionState.Disabled => new StateSentence("Switched off in HPManager, not polled", IconName.Pause, "quiet"),
        ConnectionState.Offline when state.LastError?.Cause == FailureCause.Misconfigured =>
            new StateSentence($"Not read: {Cause(FailureCause.Misconfigured)}", IconName.Alert, "fault"),
        ConnectionState.Offline => new StateSentence(
            $"Not answering since {viewer.Time(state.Since)}{(state.LastError is { } error ? ": " + Cause(error.Cause) : "")}", IconName.Unplugged, "fault"),
        ConnectionState.Connecting when state.LastError is { } error =>
            new StateSentence($"Not answering yet: {Cause(error.Cause)}", IconName.Unplugged, "fault"),
        ConnectionState.Connecting => new StateSentence("Connecting, no reading yet", IconName.Clock, "quiet"),
        _ when state.Snapshot is { } snapshot => state.Model.Kind == DeviceKind.Battery ? Of(BatteryActivity.Of(snapshot)) : Of(Activity.Of(snapshot)),
        _ => new StateSentence("Connected, no reading yet", IconName.Clock, "quiet"),
    };

    /// <summary>Words what a heat pump that answers is doing.</summary>
    public static StateSentence Of(Activity activity)
    {
        if (activity.Fault is { } fault)
        {
            return new StateSentence($"{FaultName(fault)}, {Doing(activity).ToLowerInvariant()}", IconName.Alert, "fault");
        }

        return activity.Kind switch
        {
            ActivityKind.Heating => new StateSentence(Towards(activity, "Heating"), IconName.Flame, "heating"),
            ActivityKind.HotWater => new StateSentence(Towards(activity, "Hot water"), IconName.Drop, "hot-water"),
            ActivityKind.Pool => new StateSentence(Towards(activity, "Heating the pool"), IconName.Drop, "hot-water"),
            ActivityKind.Cooling => new StateSentence(Towards(activity, "Cooling"), IconName.Snow, "cooling"),
            ActivityKind.Defrosting => new StateSentence("Defrosting", IconName.Thaw, "defrost"),
            ActivityKind.Running => new StateSentence(Towards(activity, "Running"), IconName.Bolt, "heating"),
            ActivityKind.Idle => new StateSentence("Idle", IconName.Pause, "quiet"),
            _ => new StateSentence("Answering", IconName.Check, "quiet"),
        };
    }

    /// <summary>Words what a battery that answers is doing.</summary>
    public static StateSentence Of(BatteryActivity activity)
    {
        var doing = activity.Kind switch
        {
            BatteryActivityKind.Charging => "Charging",
            BatteryActivityKind.Delivering => "Delivering",
            BatteryActivityKind.Idle => "Idle",
            _ => "Answering",
        };
        if (activity.Kind is BatteryActivityKind.Charging or BatteryActivityKind.Delivering) doing += $" {ValueFormat.WithUnit(activity.Power ?? 0, Unit.Kilowatt)}";
        if (activity.StateOfCharge is { } charge) doing += $", {ValueFormat.WithUnit(charge, Unit.Percent)} full";
        if (activity.Fault is { } fault) return new StateSentence($"{FaultName(fault)}, {char.ToLowerInvariant(doing[0])}{doing[1..]}", IconName.Alert, "fault");
        return activity.Kind switch
        {
            BatteryActivityKind.Charging => new StateSentence(doing, IconName.BatteryCharging, "surplus"),
            BatteryActivityKind.Delivering => new StateSentence(doing, IconName.Battery, "surplus"),
            _ => new StateSentence(doing, IconName.Battery, "quiet"),
        };
    }

    /// <summary>A failure's cause in two or three words.</summary>
    public static string Cause(FailureCause cause) => cause switch
    {
        FailureCause.NameNotFound => "name not found",
        FailureCause.HostUnreachable => "nothing at this address",
        FailureCause.PortClosed => "connection refused",
        FailureCause.NoAnswer => "no answer",
        FailureCause.ConnectionLost => "connection lost",
        FailureCause.OtherProtocol => "another protocol answers",
        FailureCause.BadAnswer => "unusable answer",
        FailureCause.WrongUnit => "wrong unit id",
        FailureCause.OtherModel => "another model answers",
        FailureCause.Refused => "request refused",
        FailureCause.Busy => "busy",
        FailureCause.DeviceOffline => "gateway has lost it",
        FailureCause.NoData => "no data yet",
        FailureCause.AccessDenied => "access denied",
        FailureCause.SignedOut => "signed out",
        FailureCause.LimitReached => "request limit reached",
        FailureCause.ServiceDown => "cloud is down",
        FailureCause.NotTrusted => "certificate not trusted",
        _ => "settings are wrong",
    };

    private static string FaultName(string fault) =>
        int.TryParse(fault, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? $"Fault {fault}" : $"Fault: {ValueFormat.Words(fault)}";

    private static string Doing(Activity activity) => activity.Kind switch
    {
        ActivityKind.HotWater => "hot water",
        ActivityKind.Pool => "heating the pool",
        ActivityKind.Unknown => "answering",
        _ => activity.Kind.ToString(),
    };

    private static string Towards(Activity activity, string doing)
    {
        if (activity.CompressorRunning is false) return $"{doing} asked for, compressor off";
        var target = activity.Target is { } degrees ? $" to {degrees.ToString("0.#", CultureInfo.CurrentCulture)}\u00a0{Unit.Celsius.Symbol}" : "";
        var speed = activity.CompressorSpeed is { } value ? $", {ValueFormat.WithUnit(value, activity.CompressorSpeedUnit)} compressor" : "";
        return doing + target + speed;
    }
}
