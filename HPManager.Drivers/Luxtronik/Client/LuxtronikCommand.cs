using System.Buffers.Binary;

namespace HPManager.Drivers.Luxtronik.Client;

/// <summary>What a request asks for; the number goes on the wire and comes back as the first word of the answer.</summary>
internal enum LuxtronikCommand
{
    WriteParameter = 3002,
    ReadParameters = 3003,
    ReadCalculations = 3004,
    ReadVisibilities = 3005,
}

/// <summary>Requests as bytes: big-endian signed 32-bit words, nothing else.</summary>
internal static class LuxtronikRequests
{
    /// <summary>A request for a whole block; single entries cannot be read.</summary>
    public static byte[] Read(LuxtronikCommand command) => Words((int)command, 0);

    /// <summary>A request that sets one parameter for good.</summary>
    public static byte[] Write(int index, int raw) => Words((int)LuxtronikCommand.WriteParameter, index, raw);

    private static byte[] Words(params ReadOnlySpan<int> words)
    {
        var bytes = new byte[words.Length * sizeof(int)];
        for (var i = 0; i < words.Length; i++) BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(i * sizeof(int)), words[i]);
        return bytes;
    }
}
