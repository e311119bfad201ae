namespace HPManager.Core.History.Engines;

/// <summary>How readings are laid out in line protocol.</summary>
internal enum LineLayout
{
    /// <summary>Measurement <c>heatpump_metrics</c>, a line a poll, a field a sensor; tags <c>heat_pump_id, name, location, model</c>.</summary>
    Metrics,

    /// <summary>
    /// Measurement <c>heatpump</c>, a line a reading, its field <c>value</c>; tags <c>register_id, name, type, unit</c>. And <c>heat_pump_id</c>: two heat pumps of one
    /// model have the same registers, and without it their values would fall onto one series.
    /// </summary>
    Registers,
}

/// <summary>The names that readings have in line protocol.</summary>
internal static class LineNames
{
    /// <summary>Measurement of <see cref="LineLayout.Metrics"/>.</summary>
    public const string Metrics = "heatpump_metrics";

    /// <summary>Measurement of <see cref="LineLayout.Registers"/>.</summary>
    public const string Registers = "heatpump";

    /// <summary>Field of <see cref="LineLayout.Registers"/>.</summary>
    public const string Value = "value";

    /// <summary>Tag with the heat pump's id, in every layout.</summary>
    public const string HeatPump = "heat_pump_id";

    /// <summary>Tag with the sensor's key in <see cref="LineLayout.Registers"/>.</summary>
    public const string Register = "register_id";

    /// <summary>The layout of a choice.</summary>
    public static LineLayout Parse(string? choice) => choice == Registers ? LineLayout.Registers : LineLayout.Metrics;
}
