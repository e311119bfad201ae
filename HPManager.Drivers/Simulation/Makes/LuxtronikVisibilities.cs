using HPManager.Drivers.Simulation.Physics;

namespace HPManager.Drivers.Simulation.Makes;

/// <summary>What the display of a Luxtronik controller shows of the simulated installation, by position on the wire.</summary>
internal static class LuxtronikVisibilities
{
    // Heating, hot water, disinfection, temperatures, inputs, outputs, run times, settings, languages, heat meter, refrigerant, room unit, inverter.
    private static readonly int[] Shown =
    [
        0, 1, 7, 21, 22, 23, 25, 26, 27, 28, 29, 40, 41, 42, 43, 44, 48, 50, 54, 55, 59, 78, 79, 84, 87, 93, 94, 96, 98, 119, 120, 142, 160, 161, 173, 182,
        184, 185, 186, 187, 188, 189, 190, 191, 192, 193, 195, 196, 207, 220, 235, 237, 238, 239, 246, 287, 288, 289, 290, 295, 298, 300, 305, 306, 308, 317, 318,
        319, 322, 357,
    ];

    private static readonly int[] ShownWithBrine = [30, 39, 103];
    private static readonly int[] ShownWithAir = [47, 97, 219];

    /// <summary>The block for an installation.</summary>
    public static byte[] Of(HeatSource source, LuxtronikFirmware firmware)
    {
        var flags = new byte[firmware.Visibilities];
        foreach (var position in Shown.Concat(source == HeatSource.Air ? ShownWithAir : ShownWithBrine))
            if (position < flags.Length) flags[position] = 1;

        return flags;
    }
}
