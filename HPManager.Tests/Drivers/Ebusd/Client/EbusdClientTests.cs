using System.Net.Sockets;
using System.Text;
using HPManager.Drivers.Ebusd.Client;
using HPManager.Tests.Drivers.Ebusd.Fixtures;
using HPManager.Tests.Shared;

namespace HPManager.Tests.Drivers.Ebusd.Client;

/// <summary>The line client in front of servers that behave, and of those that do not.</summary>
public sealed class EbusdClientTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task AskAsync_Commands_KeepTheConnection()
    {
        await using var fake = FakeEbusd.Plant();
        using var client = Client(fake.Port);

        var first = await client.AskAsync("read -n -c hmu FlowTemp", default);
        var second = await client.AskAsync("scan result", default);

        Assert.Equal(["35.25"], first.Lines);
        Assert.Equal(2, second.Lines.Count);
        Assert.Equal(1, fake.Connections);
        Assert.True(client.IsConnected);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("read\nwrite -c ctlv2 HwcTempDesired 90")]
    [InlineData("read\r")]
    public async Task AskAsync_WhatIsNotOneLine_IsNeverSent(string command)
    {
        await using var fake = FakeEbusd.Plant();
        using var client = Client(fake.Port);

        await Assert.ThrowsAsync<ArgumentException>(async () => await client.AskAsync(command, default));
        Assert.Empty(fake.Lines);
    }

    [Fact]
    public async Task AskAsync_SecondCommandMeanwhile_IsRefused()
    {
        await using var fake = Silent();
        using var client = Client(fake.Port);
        using var stop = new CancellationTokenSource();
        var first = client.AskAsync("state", stop.Token).AsTask();

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await client.AskAsync("state", default));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.False(client.IsConnected);
    }

    [Fact]
    public async Task AskAsync_LateAnswer_NeverBecomesTheNextOne()
    {
        var time = new ManualTime();
        await using var fake = FakeEbusd.Plant();
        Socket? late = null;
        fake.Script = (socket, line) =>
        {
            if (line != "read late") return Task.FromResult(false);
            late = socket;
            return Task.FromResult(true);
        };
        using var client = Client(fake.Port, time);
        var asking = client.AskAsync("read late", default).AsTask();
        await Eventually.IsTrue(() => late is not null && time.WaitingTimers > 0);
        time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(EbusdFault.Timeout, (await asking.WaitAsync(Patience)).Fault);
        Assert.False(client.IsConnected);
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            while (true) await late!.SendAsync("99.9\n\n"u8.ToArray());
        }).WaitAsync(Patience);
        Assert.Equal("35.25", (await client.AskAsync("read -n -c hmu FlowTemp", default)).Text);
        Assert.Equal(2, fake.Connections);
    }

    [Fact]
    public async Task AskAsync_WordsBehindTheAnswer_AreDoubtAndCloseTheConnection()
    {
        await using var fake = FakeEbusd.Plant();
        fake.Script = async (socket, line) =>
        {
            if (line != "read both") return false;
            await socket.SendAsync("1.0\n\n2.0\n\n"u8.ToArray());
            return true;
        };
        using var client = Client(fake.Port);

        var answer = await client.AskAsync("read both", default);

        Assert.Equal(EbusdFault.Surplus, answer.Fault);
        Assert.Empty(answer.Lines);
        Assert.Equal("35.25", (await client.AskAsync("read -n -c hmu FlowTemp", default)).Text);
    }

    [Fact]
    public async Task AskAsync_LinesThatComeUnasked_AreDoubt()
    {
        await using var fake = FakeEbusd.Plant();
        Socket? open = null;
        fake.Script = (socket, _) =>
        {
            open = socket;
            return Task.FromResult(false);
        };
        using var client = Client(fake.Port);
        await client.AskAsync("state", default);
        await open!.SendAsync("hmu FlowTemp = 99.00\n"u8.ToArray());

        // It is on its way to us; a moment later it would be found at the latest with the next answer.
        var answer = await client.AskAsync("read -n -c hmu FlowTemp", default);

        Assert.True(answer.Fault == EbusdFault.Surplus || (answer.Lines.Count == 2 && answer.Text != "35.25"), answer.ToString());
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n", EbusdFault.NotText)]
    [InlineData("\0\0\v\u0001", EbusdFault.NotText)]
    [InlineData("half an answer\n", EbusdFault.ConnectionLost)]
    [InlineData("", EbusdFault.ConnectionLost)]
    public async Task AskAsync_AnswerOfSomethingElse_IsAFault(string answer, EbusdFault fault)
    {
        await using var fake = new FakeEbusd();
        fake.Script = async (socket, _) =>
        {
            if (answer.Length > 0) await socket.SendAsync(Encoding.Latin1.GetBytes(answer));
            throw new IOException("closed");
        };
        using var client = Client(fake.Port);

        Assert.Equal(fault, (await client.AskAsync("info", default)).Fault);
        Assert.False(client.IsConnected);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AskAsync_AnswerOfAGigabyte_IsGivenUpAfterWhatEbusdCouldSay(bool inLines)
    {
        await using var fake = new FakeEbusd();
        long sent = 0;
        fake.Script = async (socket, _) =>
        {
            var block = Encoding.ASCII.GetBytes(inLines ? string.Concat(Enumerable.Repeat("x y = 1\n", 8192)) : new string('x', 65_536));
            while (sent < 1L << 30) sent += await socket.SendAsync(block);
            return true;
        };
        using var client = Client(fake.Port);
        var before = GC.GetTotalAllocatedBytes(precise: true);

        var answer = await client.AskAsync("find -V -d", default).AsTask().WaitAsync(Patience);

        Assert.Equal(EbusdFault.TooLong, answer.Fault);
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 64 << 20);
        Assert.False(client.IsConnected);
    }

    [Fact]
    public async Task AskAsync_EmptyAnswer_HasNoLines()
    {
        await using var fake = new FakeEbusd();
        fake.Script = async (socket, _) => await socket.SendAsync("\n\n"u8.ToArray()) > 0;
        using var client = Client(fake.Port);

        var answer = await client.AskAsync("read x", default);

        Assert.True(answer is { IsAnswered: true, Text: "", IsError: false });
    }

    [Fact]
    public async Task AskAsync_WithALogin_SaysItFirstOnEveryConnection()
    {
        await using var fake = FakeEbusd.Plant();
        fake.User = ("hpmanager", "a secret");
        using var client = Client(fake.Port);
        client.Login = new EbusdLogin("hpmanager", "a secret");
        await client.AskAsync("state", default);
        await client.AskAsync("state", default);
        client.Close();
        await client.AskAsync("state", default);

        Assert.Equal(["auth \"hpmanager\" \"a secret\"", "state", "state", "auth \"hpmanager\" \"a secret\"", "state"], fake.Lines);
    }

    [Fact]
    public async Task AskAsync_LoginThatIsRefused_IsAFaultThatDoesNotTellTheSecret()
    {
        await using var fake = FakeEbusd.Plant();
        fake.User = ("hpmanager", "right");
        using var client = Client(fake.Port);
        client.Login = new EbusdLogin("hpmanager", "wrong");

        var answer = await client.AskAsync("state", default);

        Assert.Equal(EbusdFault.LoginRefused, answer.Fault);
        Assert.True(answer.IsBeforeSending);
        Assert.DoesNotContain("wrong", answer.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("state", fake.Lines);
    }

    [Fact]
    public async Task AskAsync_AnotherLogin_IsAnotherConnection()
    {
        await using var fake = FakeEbusd.Plant();
        using var client = Client(fake.Port);
        await client.AskAsync("state", default);
        fake.User = ("hpmanager", "right");
        client.Login = new EbusdLogin("hpmanager", "right");
        await client.AskAsync("state", default);

        Assert.Equal(2, fake.Connections);
    }

    [Theory]
    [InlineData("secret", true)]
    [InlineData("two words", true)]
    [InlineData("a\"b", false)]
    [InlineData("a'b", false)]
    [InlineData("a\nb", false)]
    [InlineData("", false)]
    public void CanBeSaid_Word_IsWhatALineCanHold(string word, bool can) => Assert.Equal(can, EbusdClient.CanBeSaid(word));

    /// <summary>Every way to cut an answer to pieces gives the same lines; every beginning of it, none.</summary>
    [Fact]
    public void Take_AnswerCutAtEveryByte_IsTheSameAnswer()
    {
        var answer = "hmu FlowTemp = value=35.25 °C [ZZ=08]\nctlv2 X = empty\n\n"u8.ToArray();
        for (var cut = 1; cut < answer.Length; cut++)
        {
            var buffer = new AnswerBuffer(4096, 1024);
            buffer.Begin();
            Feed(buffer, answer.AsSpan(0, cut));
            Assert.False(buffer.IsComplete);
            Feed(buffer, answer.AsSpan(cut));
            Assert.True(buffer is { IsComplete: true, HasSurplus: false, Fault: EbusdFault.None });
            Assert.Equal(["hmu FlowTemp = value=35.25 °C [ZZ=08]", "ctlv2 X = empty"], buffer.Lines());
        }
    }

    [Fact]
    public void Take_AnyBytes_IsBoundedAndNeverThrows()
    {
        var random = new Random(8888);
        for (var round = 0; round < 20_000; round++)
        {
            var buffer = new AnswerBuffer(512, 64);
            buffer.Begin();
            var bytes = new byte[random.Next(1, 900)];
            random.NextBytes(bytes);
            if (round % 2 == 0)
            {
                for (var i = 0; i < bytes.Length; i++) bytes[i] = (byte)"\n\nab °=;[]"[bytes[i] % 10];
            }

            Feed(buffer, bytes);
            if (buffer.Fault == EbusdFault.None && buffer.IsComplete) Assert.All(buffer.Lines(), line => Assert.InRange(line.Length, 0, 64));
            else Assert.True(buffer.Fault != EbusdFault.None || bytes.Length <= 513);
        }
    }

    private static void Feed(AnswerBuffer buffer, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty && !buffer.IsComplete && buffer.Fault == EbusdFault.None)
        {
            var space = buffer.Space.Span;
            var count = Math.Min(space.Length, bytes.Length);
            bytes[..count].CopyTo(space);
            buffer.Take(count);
            bytes = bytes[count..];
        }
    }

    private static FakeEbusd Silent() => new() { Script = (_, _) => Task.FromResult(true) };

    private static EbusdClient Client(int port, TimeProvider? time = null) => new(new EbusdEndpoint("127.0.0.1", port), time ?? TimeProvider.System);
}
