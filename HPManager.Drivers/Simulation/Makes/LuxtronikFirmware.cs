namespace HPManager.Drivers.Simulation.Makes;

/// <summary>A firmware of the controller, and how long it made the three blocks. Entries never move; newer firmware appends.</summary>
/// <param name="Text">As it names itself, at most ten characters: <c>V3.92.1</c>.</param>
/// <param name="Parameters">Number of parameters.</param>
/// <param name="Calculations">Number of calculations.</param>
/// <param name="Visibilities">Number of visibilities.</param>
public sealed record LuxtronikFirmware(string Text, int Parameters, int Calculations, int Visibilities)
{
    /// <summary>The newest of Luxtronik 2.1.</summary>
    public static readonly LuxtronikFirmware Newest = new("V3.92.1", 1180, 269, 380);

    /// <summary>The newest of Luxtronik 2.0. Only its number of calculations is known; the other two are those of V3.85.4.</summary>
    public static readonly LuxtronikFirmware Series2 = new("V2.88.3", 1125, 263, 354);

    /// <summary>Whether it is the first hardware line with counters of its own for electric energy and two counters for the auxiliary heater.</summary>
    internal bool HasEnergyCounters => Parameters > 1140;
}
