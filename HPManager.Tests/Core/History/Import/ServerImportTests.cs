using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using HPManager.Core.History.Import;
using HPManager.Core.Sensors;
using HPManager.Tests.Shared;

namespace HPManager.Tests.Core.History.Import;

public sealed class ServerImportTests : IDisposable
{
    private static readonly DateTimeOffset Start = ImportRig.Utc("2025-12-30T23:00:00Z");
    private readonly ImportRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task Influx_AFieldPerSensor_BecomesPollsBitForBit()
    {
        await using var server = await InfluxdProcess.StartAsync(asksForLogin: true);
        var values = Enumerable.Range(0, 2000).Select(index => Math.Sin(index) * 20).ToList();
        await server.WriteAsync(string.Join('\n', values.Select((value, index) => string.Create(
            CultureInfo.InvariantCulture,
            $"heatpump_metrics,heat_pump_id=hp-9,name=Cellar\\ one,model=x outdoor_temperature={value:R},operating_mode={index % 2}i {Start.AddSeconds(30 * index).ToUnixTimeMilliseconds()}"))));

        await _rig.RunAsync(Influx(server));

        Assert.Null(_rig.Import.State.Fault);
        Assert.Equal(values, _rig.Values(FakeMake.Outdoor.Key).Select(value => value!.Value));
        Assert.Equal(2000, _rig.Store.Snapshots.Count);
        Assert.Equal(ImportStatus.Finished, _rig.Import.State.Status);
    }

    [Fact]
    public async Task Influx_ARegisterPerSeries_FormsPollsOfWhatBelongsTogether()
    {
        await using var server = await InfluxdProcess.StartAsync(asksForLogin: true);
        var lines = Enumerable.Range(0, 100).SelectMany(index => new[]
        {
            string.Create(CultureInfo.InvariantCulture, $"heatpump,register_id=outdoor_temperature,name=Outdoor,type=input,unit=°F value={32 + (1.8 * index)} {Start.AddMinutes(index).ToUnixTimeMilliseconds()}"),
            string.Create(CultureInfo.InvariantCulture, $"heatpump,register_id=operating_mode,name=Mode,type=input value=1 {Start.AddMinutes(index).ToUnixTimeMilliseconds() + 300}"),
        });
        await server.WriteAsync(string.Join('\n', lines));

        await _rig.RunAsync(Influx(server), together: 1);

        Assert.Equal(100, _rig.Store.Snapshots.Count);
        Assert.Equal(Enumerable.Range(0, 100).Select(index => (double)index), _rig.Values(FakeMake.Outdoor.Key).Select(value => Math.Round(value!.Value, 9)));
    }

    [Fact]
    public async Task Influx_AnyMeasurement_IsReadWhenItIsNamed()
    {
        await using var server = await InfluxdProcess.StartAsync(asksForLogin: true);
        await server.WriteAsync($"other,place=a\\,b outdoor_temperature=7.5 {Start.ToUnixTimeMilliseconds()}");
        var source = Influx(server);

        await _rig.RunAsync(source with { Server = source.Server! with { Selection = "other" } });

        Assert.Equal([7.5], _rig.Values(FakeMake.Outdoor.Key));
        var refused = await Assert.ThrowsAsync<ImportException>(async () =>
            await _rig.Import.SurveyAsync(source with { Server = source.Server with { Selection = "nothing" } }, CancellationToken.None));
        Assert.Contains("there are other", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Influx_WrongPassword_IsSaid()
    {
        await using var server = await InfluxdProcess.StartAsync(asksForLogin: true);
        var source = Influx(server);

        var refused = await Assert.ThrowsAsync<ImportException>(async () =>
            await _rig.Import.SurveyAsync(source with { Server = source.Server! with { Secret = "wrong" } }, CancellationToken.None));

        Assert.Contains("refuses the user", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Victoria_NamedSeries_BecomePolls()
    {
        await using var server = await VictoriaMetricsProcess.StartAsync();
        await server.WriteAsync(string.Concat(Enumerable.Range(0, 2000).SelectMany(index => new[]
        {
            string.Create(CultureInfo.InvariantCulture, $"fake_heatpump_outdoor_temperature{{heatpump_id=\"hp-1\"}} {index / 10.0} {Start.AddSeconds(30 * index).ToUnixTimeMilliseconds()}\n"),
            string.Create(CultureInfo.InvariantCulture, $"fake_heatpump_operating_mode{{heatpump_id=\"hp-1\"}} 4 {Start.AddSeconds(30 * index).ToUnixTimeMilliseconds()}\n"),
        })));

        await _rig.RunAsync(new ImportSource { Kind = ImportKind.Victoriametrics, Server = new ServerSettings { Url = server.Address } });

        Assert.Null(_rig.Import.State.Fault);
        Assert.Equal(Enumerable.Range(0, 2000).Select(index => index / 10.0), _rig.Values(FakeMake.Outdoor.Key).Select(value => value!.Value));
        Assert.Equal(2000, _rig.Store.Snapshots.Count);
        Assert.Equal(2, _rig.Store.Snapshots.First().Readings.Count);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>", "web page")]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/elsewhere\r\nContent-Length: 0\r\n\r\n", "lead elsewhere")]
    [InlineData("HTTP/1.1 500 Oh\r\nContent-Type: text/plain\r\nContent-Length: 7\r\n\r\nbroken\n", "500: broken")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{\"a\": [1]", "not what was asked for")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{\"results\"", "broke off")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n", "not what was asked for")]
    public async Task Server_OfAnotherKind_IsToldAndNotFollowed(string answer, string told)
    {
        using var stranger = new TcpListener(IPAddress.Loopback, 0);
        stranger.Start();
        using var over = new CancellationTokenSource();
        var serving = AnswerAsync(stranger, answer, over.Token);
        var url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)stranger.LocalEndpoint).Port}");
        foreach (var kind in new[] { ImportKind.Influxdb, ImportKind.Victoriametrics })
        {
            var refused = await Assert.ThrowsAsync<ImportException>(async () =>
                await _rig.Import.SurveyAsync(new ImportSource { Kind = kind, Server = new ServerSettings { Url = url, Secret = "t0ken" } }, CancellationToken.None));
            Assert.Contains(told, refused.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("t0ken", refused.Message, StringComparison.Ordinal);
        }

        await over.CancelAsync();
        await serving;
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://127.0.0.1/")]
    [InlineData("http://user:word@127.0.0.1:8086")]
    [InlineData("127.0.0.1:8086")]
    [InlineData("")]
    public async Task Server_AddressThatIsNone_IsRefused(string url)
    {
        var refused = await Assert.ThrowsAsync<ImportException>(async () =>
            await _rig.Import.SurveyAsync(new ImportSource { Kind = ImportKind.Influxdb, Server = new ServerSettings { Url = url } }, CancellationToken.None));

        Assert.Contains("http or https", refused.Message, StringComparison.Ordinal);
    }

    private static ImportSource Influx(InfluxdProcess server) => new()
    {
        Kind = ImportKind.Influxdb,
        Server = new ServerSettings { Url = server.Address, User = InfluxdProcess.User, Secret = InfluxdProcess.Password, Database = "heatpump" },
    };

    private static async Task AnswerAsync(TcpListener listener, string answer, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            try
            {
                using var client = await listener.AcceptTcpClientAsync(over);
                if (await client.GetStream().ReadAsync(new byte[4096], over) == 0) continue;
                await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(answer), over);
            }
            catch (Exception end) when (end is IOException or OperationCanceledException)
            {
                // The client has hung up, or the test is over.
            }
        }
    }
}
