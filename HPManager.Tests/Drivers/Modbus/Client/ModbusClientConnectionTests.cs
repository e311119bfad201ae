using System.Net;
using System.Net.Sockets;
using HPManager.Drivers.Modbus.Client;
using HPManager.Tests.Shared;
using static HPManager.Tests.Drivers.Modbus.Client.ModbusFrames;

namespace HPManager.Tests.Drivers.Modbus.Client;

/// <summary>Connecting, time limits, cancellation and ownership.</summary>
public class ModbusClientConnectionTests
{
    [Fact]
    public async Task Read_NothingListens_IsRefused()
    {
        await using var client = ModbusClients.Tcp(ClosedPort());

        var (result, _) = await client.ReadOneAsync();

        Assert.Equal(ModbusFault.ConnectionRefused, result.Fault);
        Assert.False(client.IsConnected);
    }

    [Theory]
    [InlineData("no-such-host.invalid")]
    [InlineData("not a host")]
    public async Task Read_NameWithoutAddress_IsNotFound(string host)
    {
        await using var client = new ModbusClient(ModbusClients.Endpoint(502, host: host), TimeProvider.System);

        Assert.Equal(ModbusFault.NameNotFound, (await client.ReadOneAsync()).Result.Fault);
    }

    [Fact]
    public async Task Read_ByName_TriesEveryAddress()
    {
        await using var server = FakeModbusServer.Tcp((connection, request) => connection.SendAsync(AnswerTcp(request, 9)));
        await using var client = new ModbusClient(ModbusClients.Endpoint(server.Port, host: "localhost"), TimeProvider.System);

        Assert.Equal(9, (await client.ReadOneAsync()).Value);
    }

    [Fact]
    public async Task Read_OverIPv6_Works()
    {
        Assert.True(Socket.OSSupportsIPv6, "this test needs a loopback with IPv6");
        await using var server = FakeModbusServer.Tcp((connection, request) => connection.SendAsync(AnswerTcp(request, 9)), IPAddress.IPv6Loopback);
        await using var client = new ModbusClient(ModbusClients.Endpoint(server.Port, host: "::1"), TimeProvider.System);

        Assert.Equal(9, (await client.ReadOneAsync()).Value);
    }

    [Fact]
    public async Task Read_NobodyAccepts_RunsIntoTheConnectTimeout()
    {
        // A full backlog on Linux leaves further connection attempts unanswered, as a host that is switched off does.
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
        var port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        var waiting = new List<Socket>();
        try
        {
            for (var i = 0; i < 4; i++)
            {
                waiting.Add(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false });
                try
                {
                    waiting[^1].Connect(IPAddress.Loopback, port);
                }
                catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
                {
                    // Under way.
                }
            }

            await using var client = new ModbusClient(
                ModbusClients.Endpoint(port, connectTimeout: TimeSpan.FromMilliseconds(200)), TimeProvider.System);

            Assert.Equal(ModbusFault.ConnectTimeout, (await client.ReadOneAsync()).Result.Fault);
            Assert.False(client.IsConnected);
        }
        finally
        {
            waiting.ForEach(socket => socket.Dispose());
        }
    }

    [Fact]
    public async Task Read_NoAnswer_TimesOutAndTheLateAnswerIsNeverTheNextValue()
    {
        var time = new ManualTime();
        var late = new TaskCompletionSource();
        await using var server = FakeModbusServer.Tcp(async (connection, request) =>
        {
            if (connection.Number == 1) await late.Task;
            await connection.SendAsync(AnswerTcp(request, connection.Number == 1 ? (ushort)1111 : (ushort)2222));
        });
        await using var client = ModbusClients.Tcp(server.Port, time);

        var first = client.ReadOneAsync();
        await Eventually.IsTrue(() => server.Requests.Count == 1);
        time.Advance(ModbusClients.RequestTimeout - TimeSpan.FromMilliseconds(1));
        Assert.False(first.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(ModbusFault.Timeout, (await first).Result.Fault);
        Assert.False(client.IsConnected);

        late.SetResult();
        for (var i = 0; i < 3; i++) Assert.Equal(2222, (await client.ReadOneAsync()).Value);
        Assert.Equal(2, server.Connections);
    }

    [Fact]
    public async Task Read_AnswerStopsHalfway_TimesOutAndSaysHowFarItCame()
    {
        var time = new ManualTime();
        await using var server = FakeModbusServer.Tcp((connection, request) => connection.SendAsync(AnswerTcp(request, 1)[..8]));
        await using var client = ModbusClients.Tcp(server.Port, time);

        var reading = client.ReadOneAsync();
        await Eventually.IsTrue(() => client.BytesReceived == 8);
        time.Advance(ModbusClients.RequestTimeout);

        var (result, _) = await reading;
        Assert.Equal(ModbusFault.Timeout, result.Fault);
        Assert.Contains("after 8 bytes", result.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_DripFedAnswer_CannotOutliveTheTimeout()
    {
        var time = new ManualTime();
        var client = (ModbusClient?)null;
        await using var server = FakeModbusServer.Tcp(async (connection, request) =>
        {
            var answer = AnswerTcp(request, 1);
            for (var i = 0; i < 4; i++)
            {
                await connection.SendAsync([answer[i]]);
                await Eventually.IsTrue(() => client!.BytesReceived > i);
                time.Advance(ModbusClients.RequestTimeout / 4);
            }
        });
        await using var reader = client = ModbusClients.Tcp(server.Port, time);

        var (result, _) = await reader.ReadOneAsync();

        Assert.Equal(ModbusFault.Timeout, result.Fault);
        Assert.Contains("after 4 bytes", result.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_WithinTheLimitManyTimes_IsNotEndedByAnEarlierLimit()
    {
        var time = new ManualTime();
        await using var server = FakeModbusServer.Tcp((connection, request) =>
        {
            time.Advance(ModbusClients.RequestTimeout * 0.9);
            return connection.SendAsync(AnswerTcp(request, 3));
        });
        await using var client = ModbusClients.Tcp(server.Port, time);

        for (var i = 0; i < 5; i++) Assert.Equal(3, (await client.ReadOneAsync()).Value);
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task Read_Cancelled_ThrowsClosesAndTheNextOneWorks()
    {
        await using var server = FakeModbusServer.Tcp((connection, request) =>
            connection.Number == 1 ? Task.CompletedTask : connection.SendAsync(AnswerTcp(request, 4)));
        await using var client = ModbusClients.Tcp(server.Port);
        using var cancel = new CancellationTokenSource();

        var reading = client.ReadOneAsync(cancellationToken: cancel.Token);
        await Eventually.IsTrue(() => server.Requests.Count == 1);
        await cancel.CancelAsync();

        var thrown = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        Assert.Equal(cancel.Token, thrown.CancellationToken);
        Assert.False(client.IsConnected);
        Assert.Equal(4, (await client.ReadOneAsync(cancellationToken: CancellationToken.None)).Value);
    }

    [Fact]
    public async Task Read_CancelledBeforehand_SendsNothing()
    {
        await using var server = FakeModbusServer.Tcp((connection, request) => connection.SendAsync(AnswerTcp(request, 4)));
        await using var client = ModbusClients.Tcp(server.Port);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.ReadOneAsync(cancellationToken: new CancellationToken(canceled: true)));

        Assert.Equal((0, 0), (server.Connections, client.RequestCount));
    }

    [Fact]
    public async Task Read_WhileAnotherIsUnderWay_ThrowsAndLeavesTheOtherAlone()
    {
        var answer = new TaskCompletionSource();
        await using var server = FakeModbusServer.Tcp(async (connection, request) =>
        {
            await answer.Task;
            await connection.SendAsync(AnswerTcp(request, 6));
        });
        await using var client = ModbusClients.Tcp(server.Port);

        var first = client.ReadOneAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => client.ReadOneAsync());
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await client.WriteRegisterAsync(1, 2, 3, default));
        answer.SetResult();

        Assert.Equal(6, (await first).Value);
        Assert.Equal(1, client.RequestCount);
    }

    [Fact]
    public async Task Close_BetweenRequests_IsFollowedByANewConnection()
    {
        await using var server = FakeModbusServer.Tcp((connection, request) => connection.SendAsync(AnswerTcp(request, (ushort)connection.Number)));
        await using var client = ModbusClients.Tcp(server.Port);

        Assert.Equal(1, (await client.ReadOneAsync()).Value);
        Assert.True(client.IsConnected);
        client.Close();
        Assert.False(client.IsConnected);
        Assert.Equal(2, (await client.ReadOneAsync()).Value);
    }

    [Fact]
    public async Task Read_ConnectionClosedByTheDeviceWhileIdle_ReconnectsUnnoticed()
    {
        var closed = new TaskCompletionSource();
        await using var server = FakeModbusServer.Tcp(async (connection, request) =>
        {
            await connection.SendAsync(AnswerTcp(request, (ushort)connection.Number));
            if (connection.Number != 1) return;
            connection.Close();
            closed.SetResult();
        });
        await using var client = ModbusClients.Tcp(server.Port);

        Assert.Equal(1, (await client.ReadOneAsync()).Value);
        await closed.Task;

        Assert.Equal(2, (await client.ReadOneAsync()).Value);
    }

    [Fact]
    public async Task Read_AfterDispose_Throws()
    {
        var client = ModbusClients.Tcp(ClosedPort());
        await client.DisposeAsync();
        await client.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.ReadOneAsync());
    }

    [Fact]
    public void Constructor_EndpointOutsideItsRanges_Throws()
    {
        var good = ModbusClients.Endpoint(502);

        foreach (var bad in new[]
        {
            good with { Host = " " },
            good with { Port = 0 },
            good with { Port = 65536 },
            good with { Transport = (ModbusTransport)7 },
            good with { ConnectTimeout = TimeSpan.Zero },
            good with { RequestTimeout = TimeSpan.FromSeconds(-1) },
            good with { Silence = TimeSpan.FromSeconds(-1) },
        })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => new ModbusClient(bad, TimeProvider.System));
        }
    }

    private static int ClosedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
