using System.Net;
using System.Net.Sockets;
using HPManager.Drivers.Modbus.Client;
using static HPManager.Tests.Drivers.Modbus.Client.ModbusFrames;

namespace HPManager.Tests.Drivers.Modbus.Client;

/// <summary>Modbus TCP's frames in datagrams that get lost, come twice, late, empty or from nobody.</summary>
public sealed class ModbusClientUdpTests : IDisposable
{
    private readonly UdpClient _gateway = new(new IPEndPoint(IPAddress.Loopback, 0));

    private int Port => ((IPEndPoint)_gateway.Client.LocalEndPoint!).Port;

    public void Dispose() => _gateway.Dispose();

    [Fact]
    public async Task Read_Answer_IsUnderstood()
    {
        await using var client = Connect();

        Assert.Equal(5, await AnswerAsync(client, request => [AnswerTcp(request, 5)]));
        Assert.Equal(6, await AnswerAsync(client, request => [AnswerTcp(request, 6)]));
    }

    [Fact]
    public async Task Read_EmptyDatagramFirst_WaitsForTheAnswer()
    {
        await using var client = Connect();

        Assert.Equal(5, await AnswerAsync(client, request => [[], AnswerTcp(request, 5)]));
    }

    [Fact]
    public async Task Read_AnswerThatCameTwice_IsNotTheNextOnes()
    {
        await using var client = Connect();

        Assert.Equal(5, await AnswerAsync(client, request => [AnswerTcp(request, 5), AnswerTcp(request, 5)]));
        Assert.Equal(6, await AnswerAsync(client, request => [AnswerTcp(request, 6)]));
    }

    [Fact]
    public async Task Read_AnswerOfAnotherRequest_IsRefused()
    {
        await using var client = Connect();
        var reading = client.ReadOneAsync();
        var request = await _gateway.ReceiveAsync();
        var answer = AnswerTcp(request.Buffer, 5);
        answer[1]++;
        await _gateway.SendAsync(answer, request.RemoteEndPoint);

        Assert.Equal(ModbusFault.WrongTransaction, (await reading).Result.Fault);
        Assert.Equal(6, await AnswerAsync(client, next => [AnswerTcp(next, 6)]));
    }

    [Fact]
    public async Task Read_AnswerFromElsewhere_IsNotTaken()
    {
        using var stranger = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        await using var client = Connect();
        var reading = client.ReadOneAsync();
        var request = await _gateway.ReceiveAsync();
        await stranger.SendAsync(AnswerTcp(request.Buffer, 666), request.RemoteEndPoint);
        await _gateway.SendAsync(AnswerTcp(request.Buffer, 5), request.RemoteEndPoint);

        Assert.Equal(5, (await reading).Value);
    }

    [Fact]
    public async Task Read_DatagramLargerThanAnyFrame_IsRefused()
    {
        await using var client = Connect();
        var reading = client.ReadOneAsync();
        var request = await _gateway.ReceiveAsync();
        await _gateway.SendAsync((byte[])[.. AnswerTcp(request.Buffer, 5), .. new byte[2000]], request.RemoteEndPoint);

        var (result, value) = await reading;
        Assert.Contains(result.Fault, new[] { ModbusFault.BadLength, ModbusFault.ConnectionLost });
        Assert.Equal(0, value);
    }

    [Fact]
    public async Task Read_LostDatagram_TimesOutAndTheLateAnswerFindsNobody()
    {
        await using var client = Connect(timeoutMs: 200);
        var lost = await client.ReadOneAsync();
        var request = await _gateway.ReceiveAsync();

        Assert.Equal(ModbusFault.Timeout, lost.Result.Fault);
        var second = client.ReadOneAsync();
        var next = await _gateway.ReceiveAsync();
        Assert.NotEqual(request.RemoteEndPoint.Port, next.RemoteEndPoint.Port);
        await _gateway.SendAsync(AnswerTcp(request.Buffer, 666), request.RemoteEndPoint);
        await _gateway.SendAsync(AnswerTcp(next.Buffer, 5), next.RemoteEndPoint);

        Assert.Equal(5, (await second).Value);
    }

    [Fact]
    public async Task Read_NobodyListens_IsRefused()
    {
        var port = Port;
        _gateway.Dispose();
        await using var client = new ModbusClient(ModbusClients.Endpoint(port, ModbusTransport.Udp), TimeProvider.System);

        Assert.Equal(ModbusFault.ConnectionRefused, (await client.ReadOneAsync()).Result.Fault);
    }

    [Fact]
    public async Task Read_NameWithoutAddress_SaysSo()
    {
        await using var client = new ModbusClient(ModbusClients.Endpoint(502, ModbusTransport.Udp, host: "no.such.host.invalid"), TimeProvider.System);

        Assert.Equal(ModbusFault.NameNotFound, (await client.ReadOneAsync()).Result.Fault);
    }

    private ModbusClient Connect(int timeoutMs = 5000) => new(
        ModbusClients.Endpoint(Port, ModbusTransport.Udp) with { RequestTimeout = TimeSpan.FromMilliseconds(timeoutMs) }, TimeProvider.System);

    private async Task<ushort> AnswerAsync(ModbusClient client, Func<byte[], byte[][]> answer)
    {
        var reading = client.ReadOneAsync();
        var request = await _gateway.ReceiveAsync();
        foreach (var datagram in answer(request.Buffer)) await _gateway.SendAsync(datagram, request.RemoteEndPoint);
        var (result, value) = await reading;
        Assert.True(result.IsSuccess, result.Detail);
        return value;
    }
}
