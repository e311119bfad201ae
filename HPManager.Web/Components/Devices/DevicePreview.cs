using HPManager.Core.Manufacturers;
using HPManager.Core.Polling;
using HPManager.Core.Sensors;
using HPManager.Drivers.Modbus.Driver;
using HPManager.Drivers.Modbus.Profiles;
using HPManager.Drivers.Modbus.Profiles.Owner;

namespace HPManager.Web.Components.Devices;

/// <summary>
/// Reads what is described so far, through the loop of a running heat pump where there is one at that address. Rows that are not right yet are left out, so
/// that the others can be seen; an answer to a row that was changed meanwhile is not shown. Not thread-safe.
/// </summary>
public sealed class DevicePreview(ConnectionTest test, ModbusDriver driver)
{
    /// <summary>Why the newest reading failed; null when it did not.</summary>
    public Failure? Failure { get; private set; }

    /// <summary>When it was read last; null for never.</summary>
    public DateTimeOffset? At { get; private set; }

    /// <summary>Registers that were read last.</summary>
    public int Count { get; private set; }

    /// <summary>Whether there was something to read.</summary>
    public bool HasRows { get; private set; } = true;

    /// <summary>Reads once.</summary>
    public async Task ReadAsync(DeviceForm form, CancellationToken cancellationToken)
    {
        var rows = form.Rows.Where(row => row.IsRight).Select(row => (Row: row, row.Version)).ToList();
        var open = form.Rows.Where(row => row is { IsOpen: true, Wire: not null, IsOfRegisters: true }).Select(row => (Row: row, row.Version)).ToList();
        HasRows = rows.Count + open.Count > 0;
        if (ProfileTrial.Of(form.ToDraft(rows.Select(entry => entry.Row)), driver) is { } trial)
        {
            var result = await PollAsync(form, trial.Model, cancellationToken);
            Take(result);
            if (result.Snapshot is not { } snapshot)
            {
                Age(form, "the last reading failed");
                return;
            }

            Count = rows.Count;
            foreach (var (row, _) in rows.Where(entry => entry.Row.Version == entry.Version)) row.Value = ValueOf(row, trial, snapshot);
        }

        foreach (var (row, version) in open) await ReadWindowAsync(form, row, version, cancellationToken);
    }

    /// <summary>Reading ended: what was read grows old from now on, and says so.</summary>
    public void Stop(DeviceForm form)
    {
        Failure = null;
        Age(form, "reading was stopped");
    }

    private async Task ReadWindowAsync(DeviceForm form, RegisterForm row, int version, CancellationToken cancellationToken)
    {
        if (row.Wire is not { } wire || RegisterWindow.At(row.Table, wire, driver) is not { } window) return;
        var result = await PollAsync(form, window.Model, cancellationToken);
        if (row.Version != version) return;
        row.Window = result.Snapshot is { } snapshot ? window.Words(snapshot) : [];
        if (Count == 0 || result.Failure?.Cause is not (FailureCause.OtherModel or FailureCause.Refused)) Take(result);
    }

    private Task<ConnectionTestResult> PollAsync(DeviceForm form, ModbusModel model, CancellationToken cancellationToken)
    {
        var candidate = form.Connection.ToHeatPump(model, default) with { Name = "Preview", Manufacturer = model.Manufacturer, Model = model.Key };
        return test.RunAsync(candidate, model, cancellationToken);
    }

    private void Take(ConnectionTestResult result)
    {
        // What a heat pump of a known model would be told does not help somebody who is finding out what the device has.
        Failure = result.Failure is { Cause: FailureCause.OtherModel } refused
            ? refused with
            {
                Message = "The device answers, but refuses the registers asked for.",
                Hint = "Check the table (holding or input), how your table counts addresses (from 0 or from 1), and the unit id.",
            }
            : result.Failure;
        if (result.Snapshot is { } snapshot) At = snapshot.At;
    }

    private static RegisterValue? ValueOf(RegisterForm row, ProfileTrial trial, Snapshot snapshot) =>
        SensorKey.TryParse(row["key"], out var key) && snapshot.Sensors.TryGet(key, out var sensor) && snapshot[key] is { } reading
            ? new RegisterValue(sensor, reading, trial.Words(snapshot, key))
            : null;

    // An old value is never shown as a new one.
    private static void Age(DeviceForm form, string reason)
    {
        foreach (var row in form.Rows)
        {
            if (row.Value is { Reading.Quality: Quality.Good or Quality.Implausible } value)
                row.Value = value with { Reading = value.Reading with { Quality = Quality.Stale, Reason = reason } };
        }
    }
}
