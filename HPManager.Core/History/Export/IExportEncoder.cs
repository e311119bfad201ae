using System.Buffers;

namespace HPManager.Core.History.Export;

/// <summary>Writes polls in one form. Used once, by one caller.</summary>
internal interface IExportEncoder : IDisposable
{
    /// <summary>What stands before the first poll.</summary>
    void Begin(IBufferWriter<byte> output);

    /// <summary>A poll.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="at">Its moment.</param>
    /// <param name="columns">Readings of each sensor, null for one that has none here.</param>
    /// <param name="row">Position of the poll in these.</param>
    void Row(IBufferWriter<byte> output, DateTimeOffset at, IReadOnlyList<StoredReading>?[] columns, int row);

    /// <summary>What stands behind the last poll.</summary>
    void End(IBufferWriter<byte> output);
}
