using System.Globalization;
using HPManager.Core.HeatPumps;
using HPManager.Drivers.Modbus.Profiles;

namespace HPManager.Drivers.Import;

/// <summary>Reads <c>heatpumps.yml</c>: id, name, location, model, enabled, and how Modbus reaches it.</summary>
internal static class HeatPumpsFile
{
    private const int MaxId = 29;

    /// <summary>Reads the file.</summary>
    /// <param name="file">Its name, for the report.</param>
    /// <param name="root">Its content.</param>
    /// <param name="findModel">Manufacturer and model of a name in the file; null when nothing here has it.</param>
    /// <param name="into">Where everything goes.</param>
    public static void Read(string file, LegacyNode root, Func<string, (string Manufacturer, string Model)?> findModel, LegacyConfiguration into)
    {
        foreach (var (key, pump) in root.Members("heatpumps", "heat_pumps", "pumps", "devices"))
        {
            if (ReadPump(file, key, pump, findModel, into) is not { } heatPump) continue;
            if (into.HeatPumps.Exists(other => other.HeatPump.Id == heatPump.Id))
                into.Leave(file, pump.Line, $"heat pump {heatPump.Name}", $"Its id {heatPump.Id} is there twice; the first one counts.");
            else into.HeatPumps.Add(new LegacyHeatPump(new Place(file, pump.Line), heatPump));
        }

        into.LeaveUnasked(file, root, "heat pumps");
    }

    private static HeatPump? ReadPump(
        string file, string? key, LegacyNode pump, Func<string, (string Manufacturer, string Model)?> findModel, LegacyConfiguration into)
    {
        var id = pump.Text("id") ?? key;
        var name = pump.Text("name") ?? id;
        var subject = $"heat pump {name ?? "without a name"}";
        if (id is null || name is null) return Leave(pump.Line, "It has neither id nor name.");
        if (pump.Text("model", "type") is not { } modelName) return Leave(pump.Line, "It has no model.");
        if (findModel(modelName) is not { } model)
            return Leave(pump.LineOf("model", "type"), $"Model '{modelName}' is neither in registers.yml nor known here.");
        if (ReadConnection(file, subject, pump.Below("modbus", "connection") ?? pump, into) is not { } connection) return null;

        var ours = IdOf(id);
        if (ours.Value != id) into.Note(file, pump.LineOf("id"), subject, $"Its id '{id}' is not one here ({HeatPumpId.Format}); it becomes {ours}.");
        var heatPump = new HeatPump
        {
            Id = ours,
            Name = name,
            Location = pump.Text("location"),
            Manufacturer = model.Manufacturer,
            Model = model.Model,
            Connection = connection,
            Enabled = pump.Flag(whenMissing: true, "enabled", "active"),
        };
        into.LeaveUnasked(file, pump, subject);
        return heatPump;

        HeatPump? Leave(int line, string why)
        {
            into.Leave(file, line, subject, why);
            return null;
        }
    }

    public static HeatPumpId IdOf(string id)
    {
        if (HeatPumpId.TryParse(id, out var own)) return own;
        var slug = RegistersFile.Slug(id, '-');
        return HeatPumpId.Parse("hp-" + (slug.Length <= MaxId ? slug : slug[..MaxId].Trim('-')));
    }

    private static ConnectionConfig? ReadConnection(string file, string subject, LegacyNode modbus, LegacyConfiguration into)
    {
        var settings = new Dictionary<string, string>();
        var type = (modbus.Text("type", "mode", "protocol") ?? "tcp").ToLowerInvariant();
        if (type is not ("tcp" or "rtu" or "serial" or "rtu_over_tcp"))
        {
            into.Leave(file, modbus.LineOf("type", "mode", "protocol"), subject, $"Modbus type '{type}' is not known; known are tcp and rtu.");
            return null;
        }

        var isSerial = type is "rtu" or "serial";
        Take(ModbusConnections.UnitId, modbus.Text("unit_id", "slave_id", "slave", "unit"));
        if (modbus.Number("timeout") is { } seconds)
        {
            var milliseconds = Math.Clamp(seconds * 1000, 100, 60_000).ToString("0", CultureInfo.InvariantCulture);
            Take(ModbusConnections.RequestTimeout, milliseconds);
            if (!isSerial) Take(ModbusConnections.ConnectTimeout, milliseconds);
        }

        if (modbus.Text("retries") is not null)
            into.Leave(file, modbus.LineOf("retries"), $"{subject}: retries", "A read is repeated once here and a write never; there is no setting for it.");
        if (isSerial)
        {
            Take(ModbusConnections.Device, modbus.Text("port", "device"));
            Take(ModbusConnections.BaudRate, modbus.Text("baudrate", "baud_rate", "baud"));
            Take(ModbusConnections.Parity, ParityOf(modbus.Text("parity")));
            Take(ModbusConnections.StopBits, modbus.Text("stopbits", "stop_bits"));
            if (modbus.Text("bytesize", "data_bits") is { } size && size != "8")
                into.Leave(file, modbus.LineOf("bytesize", "data_bits"), $"{subject}: bytesize", $"Modbus RTU always has 8 data bits, not {size}.");
        }
        else
        {
            Take(ModbusConnections.Host, modbus.Text("host", "ip", "address"));
            Take(ModbusConnections.Port, modbus.Text("port"));
        }

        _ = modbus.Text("id", "name", "location", "model", "enabled", "active");
        into.LeaveUnasked(file, modbus, subject);
        var network = type == "rtu_over_tcp" ? ModbusConnections.RtuOverTcp : ModbusConnections.Tcp;
        return new ConnectionConfig(isSerial ? ModbusConnections.Rtu : network, new Settings(settings));

        void Take(string key, string? value)
        {
            if (value is not null) settings[key] = value;
        }
    }

    // What is no parity at all stays as it is, for the check of the connection to name.
    private static string? ParityOf(string? word) => word?.ToLowerInvariant() switch
    {
        "e" => "even",
        "o" => "odd",
        "n" => "none",
        var other => other,
    };
}
