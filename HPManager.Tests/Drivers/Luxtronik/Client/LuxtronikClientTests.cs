using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using HPManager.Drivers.Luxtronik.Client;
using HPManager.Tests.Shared;

namespace HPManager.Tests.Drivers.Luxtronik.Client;

public class LuxtronikClientTests
{
    [Fact]
    public async Task ReadAllAsync_GivesAllThreeBlocksOverOneConnectionAndCloses()
    {
        await using var controller = new FakeController();
        controller.Parameters[105] = 480;
        controller.Calculations[15] = -55;
        controller.Visibilities[3] = 0;
        using var client = Client(controller);

        var (result, blocks) = await client.ReadAllAsync(default);

        Assert.True(result.IsSuccess, result.Detail);
        Assert.Equal(controller.Parameters, blocks!.Parameters);
        Assert.Equal(controller.Calculations, blocks.Calculations);
        Assert.Equal(controller.Visibilities, blocks.Visibilities);
        Assert.Equal([(3003, 0, 0), (3004, 0, 0), (3005, 0, 0)], controller.Requests);
        Assert.Equal(1, controller.Connections);
        await Eventually.IsTrue(() => controller.Open == 0);
    }

    [Fact]
    public async Task ReadAllAsync_AnswersInSmallPieces_WaitsForEachBeforeTheNextQuestion()
    {
        await using var controller = new FakeController();
        var isSending = false;
        controller.Script = async (socket, request) =>
        {
            Assert.False(isSending);
            isSending = true;
            foreach (var piece in controller.AnswerTo(request.Command, request.Second).Chunk(257))
            {
                Assert.Equal(0, socket.Available);
                await socket.SendAsync(piece);
                await Task.Yield();
            }

            isSending = false;
            return true;
        };
        using var client = Client(controller);

        var (result, _) = await client.ReadAllAsync(default);

        Assert.True(result.IsSuccess, result.Detail);
    }

    [Fact]
    public async Task WriteParameterAsync_SendsOnceAndChecksTheEcho()
    {
        await using var controller = new FakeController();
        using var client = Client(controller);

        var result = await client.WriteParameterAsync(1, -15, default);

        Assert.True(result.IsSuccess, result.Detail);
        Assert.Equal([(1, -15)], controller.Writes);
        Assert.Equal(-15, controller.Parameters[1]);
        await Eventually.IsTrue(() => controller.Open == 0);
    }

    public static TheoryData<string, LuxtronikFault> HostileAnswers => new()
    {
        { "00000BBB7FFFFFFF", LuxtronikFault.BadLength },
        { "00000BBB00000000", LuxtronikFault.BadLength },
        { "00000BBC000000000000000100000007", LuxtronikFault.WrongEcho },
        { Convert.ToHexString("HTTP/1.1 400 Bad Request\r\n\r\n"u8), LuxtronikFault.WrongEcho },
        { "00000BBB000000010000000000000000", LuxtronikFault.Surplus },
        { "00000BBB00000003000000000000000A", LuxtronikFault.Timeout },
        { "00", LuxtronikFault.Timeout },
        { "", LuxtronikFault.Timeout },
    };

    [Theory]
    [MemberData(nameof(HostileAnswers))]
    public async Task ReadAllAsync_HostileAnswer_GivesNothingAndCloses(string hex, LuxtronikFault expected)
    {
        await using var controller = new FakeController();
        controller.Script = async (socket, _) =>
        {
            await socket.SendAsync(Convert.FromHexString(hex));
            return true;
        };
        using var client = Client(controller, isPatient: expected != LuxtronikFault.Timeout);

        var (result, blocks) = await client.ReadAllAsync(default);

        Assert.Equal(expected, result.Fault);
        Assert.Null(blocks);
        Assert.Single(controller.Requests);
        await Eventually.IsTrue(() => controller.Open == 0);
    }

    [Theory]
    [InlineData(3003, 0)]
    [InlineData(3003, 20)]
    [InlineData(3004, 500)]
    [InlineData(3005, 9)]
    public async Task ReadAllAsync_ConnectionEndsInTheMiddle_IsLost(int command, int bytes)
    {
        await using var controller = new FakeController();
        controller.Script = async (socket, request) =>
        {
            if (request.Command != command) return false;
            await socket.SendAsync(controller.AnswerTo(command, 0).AsMemory(0, bytes));
            socket.Shutdown(SocketShutdown.Send);
            return true;
        };
        using var client = Client(controller);

        var (result, blocks) = await client.ReadAllAsync(default);

        Assert.Equal((LuxtronikFault.ConnectionLost, command != 3003 || bytes >= 4), (result.Fault, result.HasAnswered));
        Assert.Null(blocks);
    }

    [Fact]
    public async Task ReadAllAsync_AnswerThatNeverEnds_EndsWithTheCycle()
    {
        await using var controller = new FakeController();
        controller.Script = async (socket, _) =>
        {
            foreach (var single in controller.AnswerTo(3003, 0))
            {
                await socket.SendAsync(new[] { single });
                await Task.Delay(30);
            }

            return true;
        };
        using var client = Client(controller, isPatient: false);
        var watch = Stopwatch.GetTimestamp();

        var (result, _) = await client.ReadAllAsync(default);

        Assert.Equal(LuxtronikFault.Timeout, result.Fault);
        Assert.InRange(Stopwatch.GetElapsedTime(watch).TotalSeconds, 0.5, 10);
        await Eventually.IsTrue(() => controller.Open == 0);
    }

    [Fact]
    public async Task ReadAllAsync_BusyController_IsToldAtOnce()
    {
        await using var controller = new FakeController();
        controller.Script = async (socket, request) =>
        {
            if (request.Command != 3004) return false;
            await socket.SendAsync(FakeController.Words(3004, 1));
            return true;
        };
        using var client = Client(controller);

        var (result, _) = await client.ReadAllAsync(default);

        Assert.Equal(LuxtronikFault.Busy, result.Fault);
        Assert.Equal(2, controller.Requests.Count);
    }

    [Fact]
    public async Task ReadAllAsync_BytesBeforeTheNextQuestion_AreSurplus()
    {
        await using var controller = new FakeController();
        controller.Script = async (socket, request) =>
        {
            if (request.Command != 3003) return false;
            await socket.SendAsync(controller.AnswerTo(3003, 0).Concat(FakeController.Words(3004, 0, 1, 7)).ToArray());
            return true;
        };
        using var client = Client(controller);

        var (result, blocks) = await client.ReadAllAsync(default);

        Assert.Equal(LuxtronikFault.Surplus, result.Fault);
        Assert.Null(blocks);
    }

    [Fact]
    public async Task ReadAllAsync_WithoutAPort_FallsBackTo8888AndRemembersIt()
    {
        var address = LoopbackOfItsOwn();
        await using var controller = new FakeController(new IPEndPoint(address, 8888));
        using var client = new LuxtronikClient(new LuxtronikEndpoint(address.ToString(), null), TimeProvider.System);

        var first = await client.ReadAllAsync(default);
        var second = await client.ReadAllAsync(default);

        Assert.True(first.Result.IsSuccess && second.Result.IsSuccess, first.Result.Detail);
        Assert.Equal(8888, client.WorkingPort);
        Assert.Equal(2, controller.Connections);
    }

    [Fact]
    public async Task ReadAllAsync_WithoutAPort_Prefers8889AndComesBackToIt()
    {
        var address = LoopbackOfItsOwn();
        await using var controller = new FakeController(new IPEndPoint(address, 8889));
        using var client = new LuxtronikClient(new LuxtronikEndpoint(address.ToString(), null), TimeProvider.System);
        client.Suggest(8888);

        var (result, _) = await client.ReadAllAsync(default);

        Assert.True(result.IsSuccess, result.Detail);
        Assert.Equal(8889, client.WorkingPort);
    }

    [Fact]
    public async Task ReadAllAsync_NobodyListens_IsRefused()
    {
        using var client = new LuxtronikClient(new LuxtronikEndpoint(LoopbackOfItsOwn().ToString(), null), TimeProvider.System);

        var (result, _) = await client.ReadAllAsync(default);

        Assert.Equal((LuxtronikFault.ConnectionRefused, true), (result.Fault, result.IsBeforeSending));
        Assert.Null(client.WorkingPort);
    }

    [Fact]
    public async Task ReadAllAsync_UnknownName_IsNotFound()
    {
        using var client = new LuxtronikClient(new LuxtronikEndpoint("heat pump.invalid", null), TimeProvider.System);

        var (result, _) = await client.ReadAllAsync(default);

        Assert.Equal(LuxtronikFault.NameNotFound, result.Fault);
    }

    [Fact]
    public async Task ReadAllAsync_Cancelled_ThrowsAndCloses()
    {
        await using var controller = new FakeController();
        controller.Script = (_, _) => Task.FromResult(true);
        using var client = new LuxtronikClient(new LuxtronikEndpoint("127.0.0.1", controller.Port), TimeProvider.System);
        using var cancel = new CancellationTokenSource();

        var reading = client.ReadAllAsync(cancel.Token).AsTask();
        await Eventually.IsTrue(() => !controller.Requests.IsEmpty);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        await Eventually.IsTrue(() => controller.Open == 0);
    }

    [Fact]
    public async Task ReadAllAsync_WhileAnotherCallRuns_IsABugAndThrows()
    {
        await using var controller = new FakeController();
        controller.Script = (_, _) => Task.FromResult(true);
        using var client = Client(controller);
        var first = client.ReadAllAsync(default).AsTask();

        await Assert.ThrowsAsync<InvalidOperationException>(() => client.ReadParametersAsync(default).AsTask());
        await first;
    }

    /// <summary>Patient, so that a busy machine is not taken for a silent controller; impatient where the silence is the test.</summary>
    private static LuxtronikClient Client(FakeController controller, bool isPatient = true) => new(
        new LuxtronikEndpoint("127.0.0.1", controller.Port)
        {
            IdleTimeout = TimeSpan.FromSeconds(isPatient ? 20 : 1),
            CycleTimeout = TimeSpan.FromSeconds(isPatient ? 60 : 2.5),
        },
        TimeProvider.System);

    /// <summary>An address of loopback on which nothing else of this machine listens, because the ports cannot be chosen.</summary>
    private static IPAddress LoopbackOfItsOwn() =>
        new([127, (byte)Random.Shared.Next(10, 250), (byte)Random.Shared.Next(1, 250), (byte)Random.Shared.Next(2, 250)]);
}
