using System.Net.Sockets;
using HPManager.Drivers.Modbus.Client;
using HPManager.Drivers.Modbus.Client.Wire;
using HPManager.Tests.Shared;
using static HPManager.Tests.Drivers.Modbus.Client.ModbusFrames;

namespace HPManager.Tests.Drivers.Modbus.Client;

/// <summary>Answers taken on the thread that watches the sockets: faster, and in nothing else different.</summary>
public class ModbusClientEventThreadTests
{
    [Fact]
    public void Prefer_OnLinux_FindsTheRuntimesSwitch()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

        Assert.Equal(OperatingSystem.IsLinux(), EventThread.Prefer(socket));
    }

    [Fact]
    public async Task Read_ManyTimes_Works()
    {
        await using var server = FakeModbusServer.Tcp((connection, request) => connection.SendAsync(AnswerTcp(request, request[1])));
        await using var client = Client(server, TimeProvider.System);

        // Away from the test runner's context, which would take every continuation off the event thread.
        await Task.Run(async () =>
        {
            for (var i = 1; i <= 200; i++) Assert.Equal(i, (await client.ReadOneAsync()).Value);
        });
    }

    [Fact]
    public async Task Read_NoAnswerAndThenCancelled_EndsBothTimesAndTheNextOneWorks()
    {
        var time = new ManualTime();
        await using var server = FakeModbusServer.Tcp((connection, request) =>
            connection.Number < 3 ? Task.CompletedTask : connection.SendAsync(AnswerTcp(request, 3)));
        await using var client = Client(server, time);

        var silent = client.ReadOneAsync();
        await Eventually.IsTrue(() => server.Requests.Count == 1);
        time.Advance(ModbusClients.RequestTimeout);
        Assert.Equal(ModbusFault.Timeout, (await silent).Result.Fault);

        using var cancel = new CancellationTokenSource();
        var cancelled = client.ReadOneAsync(cancellationToken: cancel.Token);
        await Eventually.IsTrue(() => server.Requests.Count == 2);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);

        Assert.Equal(3, (await client.ReadOneAsync(cancellationToken: CancellationToken.None)).Value);
    }

    private static ModbusClient Client(FakeModbusServer server, TimeProvider time) =>
        new(ModbusClients.Endpoint(server.Port) with { AnswersOnEventThread = true }, time);
}
