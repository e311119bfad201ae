using System.Runtime.CompilerServices;
using HPManager.Drivers.Modbus.Client.Framing;
using HPManager.Drivers.Modbus.Client.Serial;
using HPManager.Drivers.Modbus.Client.Wire;

namespace HPManager.Drivers.Modbus.Client;

/// <summary>
/// A Modbus client for one endpoint: one connection or serial line, one request at a time, any number of unit ids behind it. Connects when
/// the first request needs it and again after a failure.
/// <para>
/// What went wrong is a <see cref="ModbusResult"/>. After anything but a proper answer (a timeout, a short frame, a wrong id, a
/// bad checksum, surplus bytes) the connection is closed, so that a late answer can never be taken for the next one. A refusal
/// by the device is a proper answer. Nothing is repeated here: a read may be repeated by the caller, a write must not be,
/// because one that timed out may have been carried out.
/// </para>
/// <para>
/// Not thread-safe: one owner, one call at a time; a second call meanwhile throws <see cref="InvalidOperationException"/>. The
/// counters and <see cref="IsConnected"/> may be read from any thread. The caller's cancellation throws
/// <see cref="OperationCanceledException"/> and closes the connection. Arguments outside their range throw; they are mistakes
/// of the program. On a serial line unit id 0 is a broadcast that nobody answers.
/// </para>
/// </summary>
public sealed class ModbusClient : IAsyncDisposable
{
    private const int AddressSpace = 65536;

    private readonly ModbusConversation _conversation;
    private int _inUse;
    private bool _disposed;

    /// <summary>Makes a client; nothing is connected yet.</summary>
    /// <exception cref="ArgumentException">The endpoint has no host, or a number of it is outside its range.</exception>
    public ModbusClient(ModbusEndpoint endpoint, TimeProvider time)
        : this(endpoint, WireOf(endpoint, time), FramingOf(endpoint), time)
    {
    }

    internal ModbusClient(ModbusEndpoint endpoint, IModbusWire wire, IModbusFraming framing, TimeProvider time)
    {
        if (endpoint.RequestTimeout <= TimeSpan.Zero) throw OutOfRange(endpoint.RequestTimeout);
        if (endpoint.Silence < TimeSpan.Zero) throw OutOfRange(endpoint.Silence);
        _conversation = new ModbusConversation(endpoint, wire, framing, time);
    }

    /// <summary>A connection is open as far as this side knows.</summary>
    public bool IsConnected => _conversation.IsOpen;

    /// <summary>Requests begun, failed ones included.</summary>
    public long RequestCount => _conversation.RequestCount;

    /// <summary>Bytes of frames sent.</summary>
    public long BytesSent => _conversation.BytesSent;

    /// <summary>Bytes received, unusable ones included.</summary>
    public long BytesReceived => _conversation.BytesReceived;

    /// <summary>Reads 1..125 registers with function 4 (input) or 3 (holding) into <paramref name="destination"/>, one per element.</summary>
    /// <param name="unit">Unit id.</param>
    /// <param name="table"><see cref="ModbusTable.InputRegister"/> or <see cref="ModbusTable.HoldingRegister"/>.</param>
    /// <param name="address">First address as it goes on the wire, counted from 0.</param>
    /// <param name="destination">Its length is the count; left alone unless the result is success.</param>
    /// <param name="cancellationToken">Ends the request and closes the connection.</param>
    public ValueTask<ModbusResult> ReadRegistersAsync(
        byte unit, ModbusTable table, ushort address, Memory<ushort> destination, CancellationToken cancellationToken)
    {
        CheckRange(address, destination.Length, ModbusPdu.MaxReadRegisters);
        return ReadRegistersAsync(unit, RegisterFunction(table), address, destination, cancellationToken);
    }

    /// <summary>Reads 1..2000 bits with function 1 (coils) or 2 (discrete inputs) into <paramref name="destination"/>.</summary>
    /// <param name="unit">Unit id.</param>
    /// <param name="table"><see cref="ModbusTable.Coil"/> or <see cref="ModbusTable.DiscreteInput"/>.</param>
    /// <param name="address">First address as it goes on the wire, counted from 0.</param>
    /// <param name="destination">Its length is the count; left alone unless the result is success.</param>
    /// <param name="cancellationToken">Ends the request and closes the connection.</param>
    public ValueTask<ModbusResult> ReadBitsAsync(
        byte unit, ModbusTable table, ushort address, Memory<bool> destination, CancellationToken cancellationToken)
    {
        CheckRange(address, destination.Length, ModbusPdu.MaxReadBits);
        return ReadBitsAsync(unit, BitFunction(table), address, destination, cancellationToken);
    }

    /// <summary>Writes one holding register with function 6.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ModbusResult> WriteRegisterAsync(byte unit, ushort address, ushort value, CancellationToken cancellationToken)
    {
        Enter();
        try
        {
            var length = ModbusPdu.Write(_conversation.RequestPdu, ModbusFunction.WriteSingleRegister, address, value);
            return await _conversation.ExchangeAsync(new(unit, ModbusFunction.WriteSingleRegister, ModbusPdu.EchoLength), length, cancellationToken);
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Writes 1..123 holding registers in one request with function 16, in the order given.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ModbusResult> WriteRegistersAsync(
        byte unit, ushort address, ReadOnlyMemory<ushort> values, CancellationToken cancellationToken)
    {
        CheckRange(address, values.Length, ModbusPdu.MaxWriteRegisters);
        Enter();
        try
        {
            var length = ModbusPdu.WriteRegisters(_conversation.RequestPdu, address, values.Span);
            return await _conversation.ExchangeAsync(new(unit, ModbusFunction.WriteMultipleRegisters, ModbusPdu.EchoLength), length, cancellationToken);
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Writes one coil with function 5.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ModbusResult> WriteCoilAsync(byte unit, ushort address, bool value, CancellationToken cancellationToken)
    {
        Enter();
        try
        {
            var length = ModbusPdu.WriteSingleCoil(_conversation.RequestPdu, address, value);
            return await _conversation.ExchangeAsync(new(unit, ModbusFunction.WriteSingleCoil, ModbusPdu.EchoLength), length, cancellationToken);
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Writes 1..1968 coils in one request with function 15.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ModbusResult> WriteCoilsAsync(
        byte unit, ushort address, ReadOnlyMemory<bool> values, CancellationToken cancellationToken)
    {
        CheckRange(address, values.Length, ModbusPdu.MaxWriteCoils);
        Enter();
        try
        {
            var length = ModbusPdu.WriteCoils(_conversation.RequestPdu, address, values.Span);
            return await _conversation.ExchangeAsync(new(unit, ModbusFunction.WriteMultipleCoils, ModbusPdu.EchoLength), length, cancellationToken);
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Drops the connection; the next request opens a new one.</summary>
    public void Close() => _conversation.Close();

    /// <summary>Drops the connection for good; when it returns, others may open the line.</summary>
    public ValueTask DisposeAsync()
    {
        _disposed = true;
        return _conversation.DisposeAsync();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ModbusResult> ReadRegistersAsync(
        byte unit, ModbusFunction function, ushort address, Memory<ushort> destination, CancellationToken cancellationToken)
    {
        Enter();
        try
        {
            var length = ModbusPdu.Write(_conversation.RequestPdu, function, address, (ushort)destination.Length);
            var expected = new ExpectedAnswer(unit, function, ModbusPdu.ReadAnswerLength(destination.Length * 2));
            var result = await _conversation.ExchangeAsync(expected, length, cancellationToken);
            if (result.IsSuccess) ModbusPdu.ReadRegisters(_conversation.AnswerPdu(expected.PduLength), destination.Span);
            return result;
        }
        finally
        {
            Leave();
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ModbusResult> ReadBitsAsync(
        byte unit, ModbusFunction function, ushort address, Memory<bool> destination, CancellationToken cancellationToken)
    {
        Enter();
        try
        {
            var length = ModbusPdu.Write(_conversation.RequestPdu, function, address, (ushort)destination.Length);
            var expected = new ExpectedAnswer(unit, function, ModbusPdu.ReadAnswerLength(ModbusPdu.BytesForBits(destination.Length)));
            var result = await _conversation.ExchangeAsync(expected, length, cancellationToken);
            if (result.IsSuccess) ModbusPdu.ReadBits(_conversation.AnswerPdu(expected.PduLength), destination.Span);
            return result;
        }
        finally
        {
            Leave();
        }
    }

    private void Enter()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (Interlocked.Exchange(ref _inUse, 1) != 0)
            throw new InvalidOperationException("A request is under way: a Modbus client has one owner and one request at a time.");
    }

    private void Leave() => Volatile.Write(ref _inUse, 0);

    private static void CheckRange(ushort address, int count, int most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, most);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(address + count, AddressSpace, nameof(address));
    }

    private static ModbusFunction RegisterFunction(ModbusTable table) => table switch
    {
        ModbusTable.InputRegister => ModbusFunction.ReadInputRegisters,
        ModbusTable.HoldingRegister => ModbusFunction.ReadHoldingRegisters,
        _ => throw new ArgumentOutOfRangeException(nameof(table), table, "Not a table of registers."),
    };

    private static ModbusFunction BitFunction(ModbusTable table) => table switch
    {
        ModbusTable.Coil => ModbusFunction.ReadCoils,
        ModbusTable.DiscreteInput => ModbusFunction.ReadDiscreteInputs,
        _ => throw new ArgumentOutOfRangeException(nameof(table), table, "Not a table of bits."),
    };

    private static IModbusWire WireOf(ModbusEndpoint endpoint, TimeProvider time)
    {
        if (endpoint.Transport == ModbusTransport.Rtu)
        {
            var line = endpoint.Line ?? throw OutOfRange(endpoint.Transport);
            if (!SerialLine.BaudRates.Contains(line.BaudRate)) throw OutOfRange(line.BaudRate);
            if (line.StopBits is not (1 or 2)) throw OutOfRange(line.StopBits);
            return new SerialWire(line, time);
        }

        if (string.IsNullOrWhiteSpace(endpoint.Host)) throw OutOfRange(endpoint.Host);
        if (endpoint.Port is < 1 or > ushort.MaxValue) throw OutOfRange(endpoint.Port);
        if (endpoint.ConnectTimeout <= TimeSpan.Zero) throw OutOfRange(endpoint.ConnectTimeout);
        return endpoint.Transport == ModbusTransport.Udp
            ? new UdpWire(endpoint.Host, endpoint.Port, endpoint.ConnectTimeout, time)
            : new SocketWire(endpoint.Host, endpoint.Port, endpoint.ConnectTimeout, time);
    }

    private static IModbusFraming FramingOf(ModbusEndpoint endpoint) => endpoint.Transport switch
    {
        ModbusTransport.Tcp or ModbusTransport.Udp => new TcpFraming(),
        ModbusTransport.RtuOverTcp or ModbusTransport.Rtu => new RtuFraming(),
        _ => throw OutOfRange(endpoint.Transport),
    };

    private static ArgumentOutOfRangeException OutOfRange(object value, [CallerArgumentExpression(nameof(value))] string what = "") =>
        new(what, value, "Outside the range that the endpoint's documentation gives.");
}
