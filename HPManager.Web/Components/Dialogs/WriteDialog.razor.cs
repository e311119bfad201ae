using System.Globalization;
using HPManager.Core.Control;
using HPManager.Core.Live;
using HPManager.Core.Sensors;
using HPManager.Web.Components.Controls;
using HPManager.Web.Components.Display;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace HPManager.Web.Components.Dialogs;

/// <summary>Asks for a new value of a sensor, says what is allowed and what to know, writes it, and tells in words how it ended.</summary>
public sealed partial class WriteDialog : IDisposable
{
    private readonly Lifetime _lifetime = new();
    private string _text = "";
    private string? _error;
    private bool _sending;
    private WriteOutcome? _outcome;

    /// <summary>Whose sensor.</summary>
    [Parameter, EditorRequired]
    public required HeatPumpState State { get; set; }

    /// <summary>The sensor; it is writable.</summary>
    [Parameter, EditorRequired]
    public required SensorDefinition Sensor { get; set; }

    /// <summary>The one door for writes.</summary>
    [Inject]
    public required WriteControl Control { get; set; }

    /// <summary>Values that are repeated.</summary>
    [Inject]
    public required HeldWrites Held { get; set; }

    /// <summary>Newest values.</summary>
    [Inject]
    public required LiveValues Live { get; set; }

    /// <summary>Closes this dialog.</summary>
    [Inject]
    public required DialogService Dialogs { get; set; }

    private Reading Reading => _outcome?.ReadBack ?? (Live.Get(State.HeatPump.Id) ?? State).Snapshot?[Sensor.Key] ?? default;

    // What the heat pump allows at this moment.
    private SensorDefinition Present => Sensor.Within((Live.Get(State.HeatPump.Id) ?? State).Snapshot);

    private HeldValue? Holding => Held.Of(State.HeatPump.Id, Sensor.Key);

    private string Patience =>
        $"The controller may need up to {ValueFormat.Duration(State.Model.WriteRules.ReadBackWithin)} until the value reads back. Closing does not undo it.";

    private string? Care => Sensor.WriteClass switch
    {
        WriteClass.Eeprom => "Kept in a memory of limited write cycles. Change it when you mean it; automation should write it seldom.",
        WriteClass.Cyclic when Sensor.RefreshEvery is { } every =>
            $"The heat pump forgets it. HPManager sends it again every {ValueFormat.Duration(every)} until you release it or write another value.",
        WriteClass.Cyclic => "An input that is meant to be refreshed: the heat pump may forget it after a while if nothing repeats it.",
        WriteClass.SingleShot => "Triggers something once on the heat pump, at once.",
        _ => null,
    };

    /// <inheritdoc/>
    public void Dispose() => _lifetime.Dispose();

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        if (Reading.Value is { } value) _text = Sensor.Codes is null && Sensor.Kind != ValueKind.Switch ? Written(value) : Code(value);
    }

    private void Release() => Held.Release(State.HeatPump.Id, Sensor.Key);

    private void Take(string? text)
    {
        _text = text ?? "";
        _outcome = null;
        Check();
    }

    private bool Check()
    {
        _error = WriteValue.TryParse(Present, Invariant(_text), out _, out var error) ? null : $"The value {error}.";
        return _error is null;
    }

    private void Step(int direction)
    {
        var step = Sensor.Range.Step ?? Math.Pow(10, -Sensor.Unit.Decimals);
        var from = double.TryParse(_text, NumberStyles.Float, CultureInfo.CurrentCulture, out var typed) ? typed : Reading.Value ?? Sensor.Range.Min ?? 0;
        var value = Math.Clamp(Math.Round(from + (direction * step), 6), Sensor.Range.Min ?? double.MinValue, Sensor.Range.Max ?? double.MaxValue);
        Take(Written(value));
    }

    private async Task SendAsync()
    {
        if (_sending || !Check()) return;
        (_sending, _outcome) = (true, null);
        try
        {
            _outcome = await Control.WriteAsync(new WriteRequest(State.HeatPump.Id, Sensor.Key, Invariant(_text), "browser"), _lifetime.Token);
        }
        catch (OperationCanceledException) when (_lifetime.Token.IsCancellationRequested)
        {
            // Closed while it was read back: the write itself goes on, the next poll shows it.
        }
        finally
        {
            _sending = false;
        }
    }

    private void Close() => Dialogs.Close(_outcome);

    private string Pressed(string value) => _text == value ? "true" : "false";

    private static (string Tone, IconName Icon, string Headline) Words(WriteStatus status) => status switch
    {
        WriteStatus.Confirmed => ("good", IconName.Check, "Confirmed"),
        WriteStatus.Sent => ("good", IconName.Check, "Sent"),
        WriteStatus.Unchanged => ("", IconName.Note, "Nothing to change"),
        WriteStatus.Rejected => ("warn", IconName.Alert, "Not sent"),
        WriteStatus.Refused => ("fault", IconName.Alert, "Refused by the heat pump"),
        WriteStatus.Reverted => ("warn", IconName.Alert, "The heat pump kept its own value"),
        _ => ("fault", IconName.Alert, "Not known whether it was taken"),
    };

    // A person writes numbers as their language does, Control reads them with a point.
    private static string Invariant(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.CurrentCulture, out var value)
        ? value.ToString("R", CultureInfo.InvariantCulture)
        : text;

    private static string Written(double value) => value.ToString("0.######", CultureInfo.CurrentCulture);

    private static string Code(double value) => value.ToString("0", CultureInfo.InvariantCulture);
}
