using System.Net;
using System.Net.Sockets;
using System.Text;
using HPManager.Tests.Shared;

namespace HPManager.Tests.Drivers.Luxtronik.Fixtures;

/// <summary>The device that judges the driver, judged itself: by the page's vectors, with bare sockets.</summary>
public class LuxtronikDeviceTests
{
    private const string ReadParameters = "00 00 0B BB 00 00 00 00";
    private const string ReadCalculations = "00 00 0B BC 00 00 00 00";
    private const string ReadVisibilities = "00 00 0B BD 00 00 00 00";

    [Theory]
    [InlineData("T01", ReadParameters, 8 + (4 * 1180), "00 00 0B BB 00 00 04 9C")]
    [InlineData("T02", ReadCalculations, 12 + (4 * 269), "00 00 0B BC 00 00 00 00 00 00 01 0D")]
    [InlineData("T03", ReadVisibilities, 8 + 380, "00 00 0B BD 00 00 01 7C")]
    public async Task Read_NewestFirmware_AnswersTheWholeBlock(string vector, string request, int length, string begins)
    {
        await using var device = await LuxtronikDevice.StartAsync();
        using var client = new RawClient(device.Port);

        await client.SendAsync(request);
        var answer = await client.ReceiveAsync(length);

        Assert.True(answer.StartsWith(begins, StringComparison.Ordinal), vector);
        await device.TellAsync("ping");
        Assert.Equal(request, RawClient.Spaced(Assert.Single(device.Of("bytes"))[1]));
    }

    [Theory]
    [InlineData("T04, T05", "00 00 0B BA 00 00 00 69 00 00 01 E0", "00 00 0B BA 00 00 00 69", 105, 480)]
    [InlineData("T06", "00 00 0B BA 00 00 00 01 FF FF FF F1", "00 00 0B BA 00 00 00 01", 1, -15)]
    [InlineData("nothing is validated", "00 00 0B BA 00 00 04 11 00 00 00 01", "00 00 0B BA 00 00 04 11", 1041, 1)]
    public async Task Write_Anything_EchoesTheIndexAndKeepsTheValue(string vector, string request, string answer, int index, int raw)
    {
        await using var device = await LuxtronikDevice.StartAsync();
        await device.SetAsync("parameters", index, 7777);
        using var client = new RawClient(device.Port);

        await client.SendAsync(request);

        Assert.Equal((vector, answer), (vector, await client.ReceiveAsync(8)));
        Assert.Equal(raw, await device.GetAsync("parameters", index));
        Assert.Equal([3002, index, raw], Assert.Single(device.Requests));
    }

    [Fact]
    public async Task Read_T07ToT09_AnswersByteForByte()
    {
        await using var device = await LuxtronikDevice.StartAsync("--sizes", "5,20,6");
        await FillAsync(device, "parameters", 0, -15, 480, 0, 2);
        await FillAsync(device, "calculations", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 342, 326, 300, 301, 612, -55, -21, 487, 480, -500);
        await FillAsync(device, "visibilities", 1, 1, 0, 0, 0, 1);
        using var client = new RawClient(device.Port);

        await client.SendAsync(ReadParameters);
        Assert.Equal(
            "00 00 0B BB 00 00 00 05 00 00 00 00 FF FF FF F1 00 00 01 E0 00 00 00 00 00 00 00 02", await client.ReceiveAsync(28));
        await client.SendAsync(ReadCalculations);
        Assert.Equal(
            "00 00 0B BC 00 00 00 00 00 00 00 14 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 "
                + "00 00 00 00 00 00 01 56 00 00 01 46 00 00 01 2C 00 00 01 2D 00 00 02 64 FF FF FF C9 FF FF FF EB 00 00 01 E7 00 00 01 E0 FF FF FE 0C",
            await client.ReceiveAsync(92));
        await client.SendAsync(ReadVisibilities);
        Assert.Equal("00 00 0B BD 00 00 00 06 01 01 00 00 00 01", await client.ReceiveAsync(14));
    }

    [Theory]
    [InlineData("T10", "busy", ReadCalculations, "00 00 0B BC 00 00 00 01")]
    [InlineData("T11", "count 2147483647", ReadParameters, "00 00 0B BB 7F FF FF FF")]
    [InlineData("T12", "count -1", ReadVisibilities, "00 00 0B BD FF FF FF FF")]
    [InlineData("a count behind a status word", "count 2147483647", ReadCalculations, "00 00 0B BC 00 00 00 00 7F FF FF FF")]
    [InlineData("T14", "foreign 3004", ReadParameters, "00 00 0B BC 00 00 00 00 00 00 00 01 00 00 00 07")]
    public async Task Read_Fault_AnswersByteForByteAndNoMore(string vector, string fault, string request, string answer)
    {
        await using var device = await LuxtronikDevice.StartAsync("--sizes", "3,1,6", "--fault", fault + " times=1");
        await FillAsync(device, "parameters", 0, 10, 20);
        await FillAsync(device, "calculations", 7);
        using var client = new RawClient(device.Port);

        await client.SendAsync(request);
        Assert.Equal((vector, answer), (vector, await client.ReceiveAsync((answer.Length + 1) / 3)));

        // The fault is over: the next bytes are those of an intact answer.
        await client.SendAsync(ReadParameters);
        Assert.Equal("00 00 0B BB 00 00 00 03 00 00 00 00 00 00 00 0A 00 00 00 14", await client.ReceiveAsync(20));
    }

    [Fact]
    public async Task Read_T13_EndsAfterSixteenBytes()
    {
        await using var device = await LuxtronikDevice.StartAsync("--sizes", "3,20,6");
        await FillAsync(device, "parameters", 0, 10, 20);
        await device.TellAsync("fault cut 16");
        using var client = new RawClient(device.Port);

        await client.SendAsync(ReadParameters);

        Assert.Equal("00 00 0B BB 00 00 00 03 00 00 00 00 00 00 00 0A", await client.ReceiveToEndAsync());
    }

    [Fact]
    public async Task Read_T15_TwoRequestsAtOnce_AnswersBackToBackAndTellsOfIt()
    {
        await using var device = await LuxtronikDevice.StartAsync("--sizes", "2,2,6");
        await FillAsync(device, "parameters", 0, 25);
        using var client = new RawClient(device.Port);

        await client.SendAsync($"{ReadParameters} {ReadCalculations}");

        Assert.Equal(
            "00 00 0B BB 00 00 00 02 00 00 00 00 00 00 00 19 00 00 0B BC 00 00 00 00 00 00 00 02 00 00 00 00 00 00 00 00", await client.ReceiveAsync(36));
        await device.TellAsync("ping");
        Assert.Equal([[3003, 0], [3004, 0]], device.Requests);
        Assert.Single(device.Of("overlap"));
    }

    [Fact]
    public async Task Read_WordsInSegmentsOfTheirOwn_AnswersOnce()
    {
        await using var device = await LuxtronikDevice.StartAsync("--sizes", "2,2,6");
        using var client = new RawClient(device.Port);

        await client.SendAsync("00 00 0B BD");
        await Eventually.IsTrue(() => device.Of("bytes").Any());
        await client.SendAsync("00 00 00 00");

        Assert.Equal("00 00 0B BD 00 00 00 06 01 01 01 01 01 01", await client.ReceiveAsync(14));
        await device.TellAsync("ping");
        Assert.Equal([3005, 0], Assert.Single(device.Requests));
        Assert.Empty(device.Of("overlap"));
    }

    [Fact]
    public async Task Read_Twice_SendsTheAnswerAgain()
    {
        await using var device = await LuxtronikDevice.StartAsync("--sizes", "1,1,1", "--fault", "twice");
        using var client = new RawClient(device.Port);

        await client.SendAsync(ReadVisibilities);

        Assert.Equal("00 00 0B BD 00 00 00 01 01 00 00 0B BD 00 00 00 01 01", await client.ReceiveAsync(18));
    }

    [Fact]
    public async Task Read_Endless_NeverStops()
    {
        await using var device = await LuxtronikDevice.StartAsync("--fault", "endless");
        using var client = new RawClient(device.Port);

        await client.SendAsync(ReadVisibilities);

        await client.ReceiveAsync(100_000);
    }

    [Fact]
    public async Task Read_Trickle_ComesByteByByteAndWhole()
    {
        await using var device = await LuxtronikDevice.StartAsync("--sizes", "5,20,6", "--fault", "trickle 5");
        using var client = new RawClient(device.Port);

        await client.SendAsync(ReadVisibilities);

        Assert.Equal("00 00 0B BD 00 00 00 06 01 01 01 01 01 01", await client.ReceiveAsync(14));
        Assert.InRange(client.Segments, 2, 14);
    }

    [Theory]
    [InlineData("silence", false)]
    [InlineData("reset", true)]
    public async Task Read_SilenceOrReset_SendsNothing(string fault, bool isReset)
    {
        await using var device = await LuxtronikDevice.StartAsync("--fault", fault);
        using var client = new RawClient(device.Port);

        await client.SendAsync(ReadParameters);
        await Eventually.IsTrue(() => device.Requests.Count == 1);

        if (isReset)
        {
            var ended = await Assert.ThrowsAsync<SocketException>(() => client.ReceiveAsync(1));
            Assert.Equal(SocketError.ConnectionReset, ended.SocketErrorCode);
        }
        else
        {
            await device.TellAsync("ping");
            Assert.Equal(0, client.Available);
            Assert.Empty(device.Of("answer"));
        }
    }

    [Fact]
    public async Task Connect_SecondClient_IsRefusedUntilTheFirstIsGone()
    {
        await using var device = await LuxtronikDevice.StartAsync("--clients", "refuse");
        using (var first = new RawClient(device.Port))
        {
            await Eventually.IsTrue(() => device.Of("open").Any());
            var refused = Assert.Throws<SocketException>(() => new RawClient(device.Port));
            Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
            await first.SendAsync(ReadVisibilities);
            await first.ReceiveAsync(388);
        }

        await Eventually.IsTrue(() => device.Of("close").Any());
        await device.TellAsync("ping");
        using var second = new RawClient(device.Port);
        await second.SendAsync(ReadVisibilities);
        await second.ReceiveAsync(388);
        await device.TellAsync("ping");
        Assert.Equal([["1", "of", "1"], ["2", "of", "1"]], device.Of("open"));
    }

    [Fact]
    public async Task Connect_SecondClient_IsResetWhenToldSo()
    {
        await using var device = await LuxtronikDevice.StartAsync();
        await device.TellAsync("clients reset");
        using var first = new RawClient(device.Port);
        await Eventually.IsTrue(() => device.Of("open").Any());
        using var second = new RawClient(device.Port);

        await Assert.ThrowsAsync<SocketException>(() => second.ReceiveAsync(1));

        await device.TellAsync("ping");
        Assert.Single(device.Of("refused"));
    }

    [Fact]
    public async Task Connect_OldPortOnly_FirstPortRefuses()
    {
        await using var device = await LuxtronikDevice.StartAsync("--firmware", "V1.73", "--old-port", "0", "--old-port-only");

        var refused = Assert.Throws<SocketException>(() => new RawClient(device.Port));
        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
        using var client = new RawClient(device.OldPort);
        await client.SendAsync(ReadParameters);
        await client.ReceiveAsync(8 + (4 * 1022));
    }

    [Fact]
    public async Task Write_SlowToShow_ShowsAfterAsManyReads()
    {
        await using var device = await LuxtronikDevice.StartAsync("--sizes", "2,1,1");
        await FillAsync(device, "parameters", 0, 20);
        await device.TellAsync("hide-writes 2");
        using var client = new RawClient(device.Port);
        await client.SendAsync("00 00 0B BA 00 00 00 01 00 00 00 1E");
        await client.ReceiveAsync(8);

        var shown = new List<string>();
        for (var read = 0; read < 3; read++)
        {
            await client.SendAsync(ReadParameters);
            shown.Add((await client.ReceiveAsync(16))[^2..]);
        }

        Assert.Equal(["14", "14", "1E"], shown);
    }

    [Fact]
    public async Task Write_FirmwareThatFreezes_AnswersNothingAndRestartsWithTheValue()
    {
        await using var device = await LuxtronikDevice.StartAsync("--firmware", "V2.90.0", "--restart-ms", "300");
        using var client = new RawClient(device.Port);

        await client.SendAsync("00 00 0B BA 00 00 00 69 00 00 01 E5");
        await Assert.ThrowsAsync<SocketException>(() => client.ReceiveAsync(1));

        await Eventually.IsTrue(() => device.Of("up").Any());
        Assert.Single(device.Of("down"));
        Assert.Equal(485, await device.GetAsync("parameters", 105));
        using var again = new RawClient(device.Port);
        await again.SendAsync(ReadParameters);
        await again.ReceiveAsync(8);
    }

    [Theory]
    [InlineData("T17", "8889", "32 35 30 30 3B 31 31 31 3B 38 38 38 39 3B 00")]
    [InlineData("T18", "old", "32 35 30 30 3B 31 31 31 3B 3B 00")]
    public async Task Search_T16_AnswersByteForByte(string vector, string stated, string answer)
    {
        await using var device = await LuxtronikDevice.StartAsync("--search-port", "0", "--search-answer", stated);
        using var client = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var place = new IPEndPoint(IPAddress.Loopback, device.SearchPort);

        await client.SendAsync(Encoding.ASCII.GetBytes("1000;111;1;\0"), place);
        await client.SendAsync(RawClient.Bytes("32 30 30 30 3B 31 31 31 3B 31 3B 00"), place);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        var received = await client.ReceiveAsync(limit.Token);

        Assert.Equal((vector, answer), (vector, RawClient.Spaced(Convert.ToHexString(received.Buffer))));
        await device.TellAsync("ping");
        Assert.Equal(2, device.Of("search").Count());
        Assert.Equal(0, client.Available);
    }

    private static async Task FillAsync(LuxtronikDevice device, string block, params int[] raw)
    {
        for (var index = 0; index < raw.Length; index++) await device.SetAsync(block, index, raw[index]);
    }

    /// <summary>A socket that speaks in hexadecimal.</summary>
    private sealed class RawClient : IDisposable
    {
        private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

        public RawClient(int port)
        {
            try
            {
                _socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
            }
            catch (SocketException)
            {
                _socket.Dispose();
                throw;
            }
        }

        public int Segments { get; private set; }

        public int Available => _socket.Available;

        public static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

        public static string Spaced(string hex) => string.Join(' ', hex.ToUpperInvariant().Chunk(2).Select(pair => new string(pair)));

        public async Task SendAsync(string hex) => await _socket.SendAsync(Bytes(hex));

        /// <summary>Exactly so many bytes.</summary>
        public async Task<string> ReceiveAsync(int length)
        {
            var bytes = await ReceiveUpToAsync(length);
            Assert.Equal(length, bytes.Length);
            return Spaced(Convert.ToHexString(bytes));
        }

        /// <summary>All until the other side closes.</summary>
        public async Task<string> ReceiveToEndAsync() => Spaced(Convert.ToHexString(await ReceiveUpToAsync(1_000_000)));

        public void Dispose() => _socket.Dispose();

        private async Task<byte[]> ReceiveUpToAsync(int length)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(15));
            var bytes = new byte[length];
            var filled = 0;
            while (filled < length)
            {
                var count = await _socket.ReceiveAsync(bytes.AsMemory(filled), limit.Token);
                if (count == 0) break;
                Segments++;
                filled += count;
            }

            return bytes[..filled];
        }
    }
}
