using HPManager.Drivers.Luxtronik.Client;

namespace HPManager.Drivers.Luxtronik.Tables;

/// <summary>Finds entries in blocks whose length depends on the firmware.</summary>
internal static class BlockEntries
{
    /// <summary>The raw number; null when the block ends before it.</summary>
    public static int? Raw(this LuxtronikBlocks blocks, LuxtronikBlock block, int index) => block switch
    {
        LuxtronikBlock.Parameters => At(blocks.Parameters, index),
        LuxtronikBlock.Calculations => At(blocks.Calculations, index),
        _ => index < blocks.Visibilities.Length ? blocks.Visibilities[index] : null,
    };

    private static int? At(int[] entries, int index) => index < entries.Length ? entries[index] : null;
}
