namespace HPManager.Drivers.Modbus.Client.Wire;

/// <summary>What an open wire holds when nothing has been asked.</summary>
internal enum WireIdle
{
    /// <summary>Nothing waits, as it should be.</summary>
    Quiet,

    /// <summary>Bytes wait that belong to no request.</summary>
    BytesWaiting,

    /// <summary>The other side has closed.</summary>
    Ended,
}

/// <summary>
/// A way for bytes to the device and back: a TCP connection, or a serial line. One owner at a time; only
/// <see cref="IsOpen"/> may be read from other threads. Failures of an open wire are thrown as <see cref="IOException"/> or
/// <see cref="System.Net.Sockets.SocketException"/>.
/// </summary>
internal interface IModbusWire : IAsyncDisposable
{
    /// <summary>Opened and not closed since; says nothing about the other side.</summary>
    bool IsOpen { get; }

    /// <summary>Looks without waiting and without taking anything.</summary>
    WireIdle PeekIdle();

    /// <summary>Opens a closed wire within the wire's own limit. A failure is a result; the wire is closed then.</summary>
    ValueTask<ModbusResult> OpenAsync(CancellationToken cancellationToken);

    /// <summary>Sends at least one byte and says how many.</summary>
    ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>Waits for at least one byte and says how many came; 0 is the end.</summary>
    ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>Closes; a closed wire may be closed again, and opened again.</summary>
    void Close();
}
