using System.Globalization;
using System.Text;
using HPManager.Core.HeatPumps;
using HPManager.Core.History;
using HPManager.Core.History.Engines;
using HPManager.Core.History.InfluxDb;
using HPManager.Core.History.PostgreSql;
using HPManager.Core.History.VictoriaMetrics;
using HPManager.Tests.Shared;

namespace HPManager.Tests.Core.History.Engines;

/// <summary>Servers that are away, are others, or behave badly: each is a fault that says what it is, in time, with nothing given up.</summary>
public sealed class HostileEngineTests
{
    private const string Token = "very-secret-token-4711";
    private static readonly DateTimeOffset Start = new(2026, 1, 15, 0, 0, 0, TimeSpan.Zero);

    public static TheoryData<string> Engines => new() { "influxdb", "victoriametrics" };

    public static TheoryData<string, string, EngineFault> Statuses
    {
        get
        {
            var data = new TheoryData<string, string, EngineFault>();
            foreach (var engine in (string[])["influxdb", "victoriametrics"])
            {
                data.Add(engine, "401 Unauthorized", EngineFault.AccessDenied);
                data.Add(engine, "403 Forbidden", EngineFault.AccessDenied);
                data.Add(engine, "404 Not Found", EngineFault.NotFound);
                data.Add(engine, "413 Content Too Large", EngineFault.TooLarge);
                data.Add(engine, "429 Too Many Requests", EngineFault.Busy);
                data.Add(engine, "500 Internal Server Error", EngineFault.Failed);
                data.Add(engine, "503 Service Unavailable", EngineFault.Busy);
                data.Add(engine, "400 Bad Request", EngineFault.OtherProtocol);
                data.Add(engine, "200 OK", EngineFault.OtherProtocol);
                data.Add(engine, "307 Temporary Redirect", EngineFault.OtherProtocol);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Statuses))]
    public async Task WriteAndQuery_Refused_FaultTellsWhy(string kind, string status, EngineFault expected)
    {
        await using var server = HostileServer.Answering(status, "Location: http://elsewhere.invalid/", $"<html>we do not like {Token}</html>");
        await using var engine = Connect(kind, server.Address);

        var written = await Assert.ThrowsAsync<EngineException>(() => WriteAsync(engine));
        var read = await Assert.ThrowsAsync<EngineException>(() => QueryAsync(engine));

        Assert.Equal(expected, written.Fault);
        Assert.Equal(expected, read.Fault);
        Assert.DoesNotContain(Token, written.ToString() + read, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Write_ServerRepeatsTheToken_MessageDoesNot(string kind)
    {
        await using var server = HostileServer.Answering("401 Unauthorized", body: $$"""{"error":"token {{Token}} is unknown"}""");
        await using var engine = Connect(kind, server.Address);

        var fault = await Assert.ThrowsAsync<EngineException>(() => WriteAsync(engine));

        Assert.Contains("token *** is unknown", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Token, fault.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Retry-After: 7", 7)]
    [InlineData("Retry-After: Thu, 15 Jan 2026 12:01:00 GMT", 60)]
    [InlineData("Retry-After: Thu, 15 Jan 2026 11:00:00 GMT", 0)]
    [InlineData("Retry-After: 99999999", 86400)]
    public async Task Write_ServerAsksToWait_FaultTellsHowLong(string header, int seconds)
    {
        await using var server = HostileServer.Answering("429 Too Many Requests", header);
        await using var engine = Connect("influxdb", server.Address, new ManualTime());

        var fault = await Assert.ThrowsAsync<EngineException>(() => WriteAsync(engine));

        Assert.Equal(TimeSpan.FromSeconds(seconds), fault.RetryAfter);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Write_NobodyListens_IsUnreachable(string kind)
    {
        await using var engine = Connect(kind, string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Next()}"));

        var fault = await Assert.ThrowsAsync<EngineException>(() => WriteAsync(engine));

        Assert.Equal(EngineFault.Unreachable, fault.Fault);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Write_NoAnswer_IsSlowWhenItsTimeIsUp(string kind)
    {
        var time = new ManualTime();
        await using var server = new HostileServer((_, ct) => Task.Delay(Timeout.Infinite, ct));
        await using var engine = Connect(kind, server.Address, time);

        var writing = WriteAsync(engine);
        await Eventually.IsTrue(() => server.Requests > 0);
        time.Advance(EngineCall.WriteLimit);

        var fault = await Assert.ThrowsAsync<EngineException>(() => writing.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Equal(EngineFault.Slow, fault.Fault);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Query_ClosedMidBody_IsUnreachable(string kind)
    {
        await using var server = HostileServer.Saying("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"results\":[");
        await using var engine = Connect(kind, server.Address);

        var fault = await Assert.ThrowsAsync<EngineException>(() => QueryAsync(engine));

        Assert.Equal(EngineFault.Unreachable, fault.Fault);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Write_EndlessBody_IsGivenUp(string kind)
    {
        await using var server = new HostileServer(async (stream, ct) =>
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"), ct);
            var lots = new byte[64 * 1024];
            while (true) await stream.WriteAsync(lots, ct);
        });
        await using var engine = Connect(kind, server.Address);

        var fault = await Assert.ThrowsAsync<EngineException>(() => WriteAsync(engine).WaitAsync(TimeSpan.FromSeconds(20)));

        Assert.Equal(EngineFault.OtherProtocol, fault.Fault);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Write_SomethingThatSpeaksNoHttp_IsAnotherProtocol(string kind)
    {
        await using var server = HostileServer.Saying("SSH-2.0-OpenSSH_9.2p1 Debian\r\n");
        await using var engine = Connect(kind, server.Address);

        var fault = await Assert.ThrowsAsync<EngineException>(() => WriteAsync(engine));

        Assert.Equal(EngineFault.OtherProtocol, fault.Fault);
    }

    [Fact]
    public async Task Test_PostgreSqlThatSaysNothing_IsSlowWhenItsTimeIsUp()
    {
        var time = new ManualTime();
        await using var server = new HostileServer((_, ct) => Task.Delay(Timeout.Infinite, ct));
        await using var engine = ConnectPostgres(server.Port, time);

        var testing = engine.TestAsync(CancellationToken.None).AsTask();
        await Eventually.IsTrue(() => server.Requests > 0);
        time.Advance(EngineCall.TestLimit);

        var fault = await Assert.ThrowsAsync<EngineException>(() => testing.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal(EngineFault.Slow, fault.Fault);
    }

    [Fact]
    public async Task Test_PostgreSqlThatSpeaksHttp_IsAFault()
    {
        await using var server = HostileServer.Answering("400 Bad Request", body: "<html>");
        await using var engine = ConnectPostgres(server.Port, TimeProvider.System);

        var fault = await Assert.ThrowsAsync<EngineException>(async () => await engine.TestAsync(CancellationToken.None));

        Assert.DoesNotContain(Token, fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Test_PostgreSqlThatIsAway_IsUnreachable()
    {
        await using var engine = ConnectPostgres(FreePort.Next(), TimeProvider.System);

        var fault = await Assert.ThrowsAsync<EngineException>(async () => await engine.TestAsync(CancellationToken.None));

        Assert.Equal(EngineFault.Unreachable, fault.Fault);
    }

    private static async Task WriteAsync(IHistoryEngine engine) =>
        _ = await engine.WriteAsync(new RandomPolls(1, SameAnswers.Pump, Start).Batch(0, 20, "s1155"), CancellationToken.None);

    private static async Task QueryAsync(IHistoryEngine engine) =>
        _ = await engine.QueryAsync(new HistoryQuery(SameAnswers.Pump, [RandomPolls.KeyOf(0)], Start, Start.AddHours(1), 100), CancellationToken.None);

    private static IHistoryEngine Connect(string kind, string address, TimeProvider? time = null) => kind == "influxdb"
        ? new InfluxDbType(time ?? TimeProvider.System).Create(new Settings([new("url", address), new("token", Token), new("version", "2"), new("bucket", "b"), new("org", "o")]))
        : new VictoriaMetricsType(time ?? TimeProvider.System).Create(new Settings([new("url", address), new("token", Token)]));

    private static IHistoryEngine ConnectPostgres(int port, TimeProvider time) => new PostgreSqlType(time).Create(new Settings(
        [new("host", "127.0.0.1"), new("port", port.ToString(CultureInfo.InvariantCulture)), new("user", "u"), new("password", Token), new("ssl_mode", "disable")]));
}
