using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using HPManager.Core.HeatPumps;
using HPManager.Core.History;
using HPManager.Core.Sensors;
using HPManager.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;

namespace HPManager.Tests.Web.Api;

public sealed class HistoryExportTests
{
    private const string Export = "/api/heatpumps/hp-001/history/export";
    private const string Range = "from=2026-01-10T06:00:00Z&to=2026-01-10T08:00:00Z";
    private static readonly DateTimeOffset Start = new(2026, 1, 10, 6, 0, 0, TimeSpan.Zero);
    private readonly MemoryTimeSeriesStore _store = new();

    [Fact]
    public async Task Get_Csv_IsAFileWithARowPerPollAndNoValueThatIsNotGood()
    {
        await using var server = await StartAsync();
        await KeepAsync((-0.1, Quality.Good), (null, Quality.Missing), (99.5, Quality.Implausible));

        using var response = await server.Client.GetAsync($"{Export}?{Range}&sensor=outdoor_temperature,operating_mode");

        Assert.Equal("text/csv", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("hp-001_cellar_20260110T0600Z-20260110T0800Z.csv", response.Content.Headers.ContentDisposition!.FileName);
        Assert.Equal(
            "time,outdoor_temperature,operating_mode\r\n2026-01-10T06:00:00Z,-0.1,1\r\n2026-01-10T06:00:30.5Z,,1\r\n2026-01-10T06:01:01Z,,1\r\n",
            await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Get_CsvWithQuality_HasEveryReadingAndWhatItIsWorth()
    {
        await using var server = await StartAsync();
        await KeepAsync((-0.1, Quality.Good), (null, Quality.Missing), (99.5, Quality.Implausible));

        var text = await server.Client.GetStringAsync($"{Export}?{Range}&sensor=outdoor_temperature&quality=true");

        Assert.Equal(
            "time,outdoor_temperature,outdoor_temperature.quality\r\n2026-01-10T06:00:00Z,-0.1,good\r\n2026-01-10T06:00:30.5Z,,missing\r\n2026-01-10T06:01:01Z,99.5,implausible\r\n",
            text);
    }

    [Fact]
    public async Task Get_Json_IsOneValidDocumentHoweverLong()
    {
        await using var server = await StartAsync();
        await KeepAsync([.. Enumerable.Range(0, 3000).Select(index => ((double?)(index / 7.0), Quality.Good))]);

        var document = JsonNode.Parse(await server.Client.GetStringAsync($"{Export}?format=json&from=2026-01-01&to=2026-01-14&quality=true"))!;

        var polls = document["polls"]!.AsArray();
        Assert.Equal(3000, polls.Count);
        Assert.Equal(2999 / 7.0, (double)polls[^1]!["values"]!["outdoor_temperature"]!);
        Assert.Equal("2026-01-10T06:00:30.5Z", (string)polls[1]!["at"]!);
        Assert.Contains("hot_water_target", document["sensors"]!.AsArray().Select(key => (string)key!));
        Assert.DoesNotContain("pv_surplus", document["sensors"]!.AsArray().Select(key => (string)key!));
    }

    [Fact]
    public async Task Get_Ndjson_IsAnObjectPerLine()
    {
        await using var server = await StartAsync();
        await KeepAsync((1, Quality.Good), (null, Quality.Failed));

        var lines = (await server.Client.GetStringAsync($"{Export}?format=ndjson&{Range}&sensor=outdoor_temperature&quality=true")).Split('\n');

        Assert.Equal(["""{"at":"2026-01-10T06:00:00Z","values":{"outdoor_temperature":1},"quality":{}}""",
            """{"at":"2026-01-10T06:00:30.5Z","values":{"outdoor_temperature":null},"quality":{"outdoor_temperature":"failed"}}""", ""], lines);
    }

    [Theory]
    [InlineData("csv", "time,outdoor_temperature\r\n")]
    [InlineData("ndjson", "")]
    [InlineData("json", """{"heatPumpId":"hp-001","from":"2026-01-10T06:00:00Z","to":"2026-01-10T08:00:00Z","sensors":["outdoor_temperature"],"polls":[]}""")]
    public async Task Get_NothingThere_IsAnEmptyFile(string format, string expected)
    {
        await using var server = await StartAsync();

        Assert.Equal(expected, await server.Client.GetStringAsync($"{Export}?format={format}&{Range}&sensor=outdoor_temperature"));
    }

    [Theory]
    [InlineData("format=xml", "format", "csv, json, ndjson")]
    [InlineData("sensor=nothing", "sensor", "nothing")]
    [InlineData("quality=maybe", "quality", "true or false")]
    [InlineData("from=2026-01-02&to=2026-01-01", "from", "earlier than to")]
    [InlineData("to=1969-01-01", "to", "1970")]
    public async Task Get_WrongQuestion_NamesTheFieldAndWhatIsAllowed(string query, string field, string allowed)
    {
        await using var server = await StartAsync();

        Assert.Contains(allowed, ApiServer.MessageFor(field, await server.GetAsync($"{Export}?{query}")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_StoreThatCannotBeRead_IsAProblemAndNoFile()
    {
        await using var server = await StartAsync(new EndlessStore { FailsAtBlock = 0 });

        var (status, _) = await server.GetAsync($"{Export}?{Range}");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
    }

    [Fact]
    public async Task Get_StoreThatFailsOnTheWay_BreaksTheConnectionOff()
    {
        await using var server = await StartAsync(new EndlessStore { FailsAtBlock = 3 });

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => server.Client.GetStringAsync($"{Export}?{Range}"));
    }

    [Fact]
    public async Task Get_EndlessRangeAndACallerWhoLeaves_HoldsLittleAndEnds()
    {
        var store = new EndlessStore();
        await using var server = await StartAsync(store);
        using (var response = await server.Client.GetAsync($"{Export}?{Range}", HttpCompletionOption.ResponseHeadersRead))
        await using (var body = await response.Content.ReadAsStreamAsync())
        {
            await body.ReadExactlyAsync(new byte[100_000]);

            // What is read ahead of a caller who reads no more are the sockets' buffers, some megabytes; a block is some 60 kB here.
            var before = -1;
            await Eventually.IsTrue(() => before == (before = store.Given));
            Assert.InRange(store.Given, 1, 2_000);
        }

        await Eventually.IsTrue(() => store.IsEnded);
    }

    private Task<ApiServer> StartAsync() => StartAsync(_store);

    private static async Task<ApiServer> StartAsync(ITimeSeriesStore store)
    {
        var time = new ManualTime();
        var server = await ApiServer.StartAsync(time, services => services.AddSingleton(store));
        await server.AddHeatPumpAsync();
        return server;
    }

    private async Task KeepAsync(params (double? Value, Quality Quality)[] polls)
    {
        var sensors = new SensorSet([FakeMake.Outdoor, FakeMake.Mode]);
        await _store.AppendAsync(
            [.. polls.Select((poll, index) =>
            {
                var at = Start.AddSeconds(30.5 * index);
                return new Snapshot(HeatPumpId.Parse("hp-001"), at, sensors, [new Reading(poll.Value, null, poll.Quality, at), new Reading(1, "automatic", Quality.Good, at)]);
            })],
            CancellationToken.None);
    }

    private sealed class EndlessStore : ITimeSeriesStore
    {
        private int _given;

        public int FailsAtBlock { get; init; } = int.MaxValue;

        public int Given => Volatile.Read(ref _given);

        public bool IsEnded { get; private set; }

        public async IAsyncEnumerable<HistoryBlock> ReadAsync(
            HeatPumpId heatPump, IReadOnlyList<SensorKey>? sensors, DateTimeOffset from, DateTimeOffset to, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            try
            {
                for (var block = 0; ; block++)
                {
                    await Task.Yield();
                    cancellationToken.ThrowIfCancellationRequested();
                    if (block == FailsAtBlock) throw new IOException("the disk is gone");
                    Interlocked.Increment(ref _given);
                    yield return new HistoryBlock(
                        heatPump,
                        [.. Enumerable.Range(0, 1000).Select(row => from.AddMilliseconds((1000L * block) + row))],
                        [new HistorySeries(FakeMake.Outdoor.Key, [.. Enumerable.Range(0, 1000).Select(row => new StoredReading(row / 3.0, null, Quality.Good))])]);
                }
            }
            finally
            {
                IsEnded = true;
            }
        }

        public ValueTask AppendAsync(IReadOnlyList<Snapshot> snapshots, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask<IReadOnlyList<SensorKey>> SensorsAsync(HeatPumpId heatPump, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
            ValueTask.FromResult<IReadOnlyList<SensorKey>>([FakeMake.Outdoor.Key]);

        public ValueTask<HistoryExtent?> ExtentAsync(HeatPumpId heatPump, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask DeleteAsync(HeatPumpId heatPump, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<HistoryTable> QueryAsync(HistoryQuery query, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
