using AngleSharp.Dom;
using Bunit;
using HPManager.Core.HeatPumps;
using HPManager.Core.History;
using HPManager.Core.History.Embedded;
using HPManager.Core.History.Engines;
using HPManager.Core.Sensors;
using HPManager.Core.Storage;
using HPManager.Tests.Shared;
using HPManager.Web.Components.Pages;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace HPManager.Tests.Web.Components.Pages;

/// <summary>The page over the real store in a folder of its own, with an engine that is made up.</summary>
public sealed class StoragePageTests : IAsyncLifetime
{
    private const string Address = "http://influx:8086";
    private const string Token = "a-token-that-nobody-may-see";
    private static readonly HeatPump Pump = FakeMake.HeatPump("hp-001", "10.0.0.1");
    private readonly DataFolder _folder = new();
    private readonly PagesRig _rig = new(Pump);
    private readonly FakeEngineType _type = new();
    private readonly Dictionary<string, string?> _environment = [];
    private EmbeddedTimeSeriesStore _store = null!;
    private HistorySettingsStore _settings = null!;
    private EngineFeeds _feeds = null!;

    public async Task InitializeAsync()
    {
        _store = new EmbeddedTimeSeriesStore(Options.Create(new StorageOptions { DataFolder = _folder.Path }), _rig.Time, NullLogger<EmbeddedTimeSeriesStore>.Instance);
        await _store.StartAsync(default);
        await _store.AppendAsync(
            [
                .. Enumerable.Range(0, 700).Select(poll => new Snapshot(
                    Pump.Id, _rig.Time.GetUtcNow().AddSeconds((poll - 700) * 30), new SensorSet([FakeMake.Outdoor]), [new Reading(poll, null, Quality.Good, _rig.Time.GetUtcNow())])),
            ],
            default);
        _rig.Services.AddSingleton<IHistoryFile>(_store);
        _rig.Services.AddSingleton(new HistoryWriter(_store, Options.Create(new HistoryOptions()), _rig.Time, NullLogger<HistoryWriter>.Instance));
        _rig.Services.AddSingleton(new DeviceWrites(_rig.Time));
        _rig.Services.AddSingleton(_ => _settings);
        _rig.Services.AddSingleton(_ => _feeds);
    }

    public async Task DisposeAsync()
    {
        await _feeds.StopAsync(default);
        await _rig.DisposeAsync();
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Page_NoEngine_ShowsWhatIsKeptAndOffersTheEngine()
    {
        var page = await OpenAsync();

        Assert.Contains("700", page.Find(".figures").TextContent, StringComparison.Ordinal);
        Assert.Equal("Pump hp-001", page.Find("tbody th").TextContent);
        Assert.Equal("Set up", Panel(page).QuerySelector("button")!.TextContent);
        Assert.Empty(page.FindAll("select[aria-label='Charts and REST read from']"));
    }

    [Fact]
    public async Task Engine_SetUpTestedAndSaved_IsFedAndSaysSo()
    {
        var page = await OpenAsync();
        Fill(page);

        Button(page, "Test the connection").Click();
        page.WaitForAssertion(() => Assert.Contains("Fake 1 answers and takes readings", Panel(page).TextContent, StringComparison.Ordinal));
        Assert.Empty((await _settings.ReadAsync(default)).Engines);
        Button(page, "Save").Click();
        await UntilAsync(() => Panel(page).TextContent.Contains("Has everything", StringComparison.Ordinal));

        Assert.Equal(700, _type.Engine.Taken.Count);
        Assert.Contains("700 readings sent since the start", Panel(page).TextContent, StringComparison.Ordinal);
        Assert.Contains("nothing waits", Panel(page).TextContent, StringComparison.Ordinal);
        Assert.Equal(Token, (await _settings.ReadAsync(default)).Engines.Single().Settings["token"]);
        Assert.DoesNotContain(Token, page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Engine_TokenIsRefused_TheReasonIsShownAndTheTokenIsNot()
    {
        _type.Engine.Fault = new EngineException(EngineFault.AccessDenied, "InfluxDB refuses the token (401)");
        var page = await OpenAsync();
        Fill(page);

        Button(page, "Test the connection").Click();

        page.WaitForAssertion(() => Assert.Equal("InfluxDB refuses the token (401)", Panel(page).QuerySelector("p.bad")!.TextContent));
        Assert.NotNull(Panel(page).QuerySelector("form"));
    }

    [Fact]
    public async Task Engine_AddressIsLeftEmpty_IsSaidAtTheFieldAndNothingIsSaved()
    {
        var page = await OpenAsync();
        OpenForm(page, "Set up");

        Button(page, "Save").Click();

        Assert.Contains("Address is required.", page.Find("[data-field='influxdb.url']").TextContent, StringComparison.Ordinal);
        Assert.Empty((await _settings.ReadAsync(default)).Engines);
    }

    [Fact]
    public async Task Engine_TakesNothing_TellsHowFarBehindItIsAndSinceWhen()
    {
        _type.Engine.Fault = new EngineException(EngineFault.Unreachable, "Nothing answers at http://influx:8086");
        await SaveAsync();
        var page = await OpenAsync();

        await UntilAsync(() => Panel(page).TextContent.Contains("Takes nothing since", StringComparison.Ordinal));

        Assert.Contains("Nothing answers at http://influx:8086", Panel(page).TextContent, StringComparison.Ordinal);
        Assert.Matches("700 polls behind, the oldest of 15 Jan 2026 08:12:07", Panel(page).TextContent);
    }

    [Fact]
    public async Task Engine_RefusedReadings_AreCountedWithAnExample()
    {
        _type.Engine.Refuses = "hp-001 outdoor_temperature: field type conflict";
        await SaveAsync();
        var page = await OpenAsync();

        await UntilAsync(() => Panel(page).TextContent.Contains("refused for good, such as: hp-001 outdoor_temperature: field type conflict", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Engine_NamedByTheEnvironment_ShowsWhereEachValueComesFromAndNoSecret()
    {
        _environment["INFLUXDB_URL"] = Address;
        _environment["INFLUXDB_TOKEN"] = Token;
        var page = await OpenAsync();
        OpenForm(page, "Change");

        var origins = page.FindAll(".origin").Select(origin => origin.TextContent);

        Assert.Equal([$"From the environment, INFLUXDB_URL: {Address}", "From the environment, INFLUXDB_TOKEN", "Default: heatpump"], origins);
        Assert.DoesNotContain(Token, page.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain(Panel(page).QuerySelectorAll("button"), button => button.TextContent == "Remove");
    }

    [Fact]
    public async Task Engine_ValueIsSaved_TheEnvironmentIsNotNamedForIt()
    {
        _environment["INFLUXDB_URL"] = "http://elsewhere:8086";
        await SaveAsync();
        var page = await OpenAsync();
        OpenForm(page, "Change");

        Assert.Equal(Address, page.Find("#field-influxdb-url").GetAttribute("value"));
        Assert.Equal("kept, not shown", page.Find("#field-influxdb-token").GetAttribute("placeholder"));
        Assert.Equal(["Default: heatpump"], page.FindAll(".origin").Select(origin => origin.TextContent));
    }

    [Fact]
    public async Task Engine_AddressChanges_TheKeptTokenIsNotSentThere()
    {
        await SaveAsync();
        var page = await OpenAsync();
        OpenForm(page, "Change");

        page.Find("#field-influxdb-url").Change("http://elsewhere:8086");
        Assert.NotEqual("kept, not shown", page.Find("#field-influxdb-token").GetAttribute("placeholder"));
        Button(page, "Test the connection").Click();

        Assert.Equal(("http://elsewhere:8086", null), (_type.Used!["url"], _type.Used["token"]));
    }

    [Fact]
    public async Task Source_IsChosenAndCannotBeRead_TheEmbeddedStoreAnswersAndThePageSaysSo()
    {
        await SaveAsync();
        var page = await OpenAsync();
        page.Find("select[aria-label='Charts and REST read from']").Change("influxdb");
        await UntilAsync(() => _feeds.Source.Chosen == "influxdb");
        Assert.Equal("influxdb", (await AskAsync()).ReadFrom);

        _type.Engine.Fault = new EngineException(EngineFault.Unreachable, "Nothing answers");
        Assert.Null((await AskAsync()).ReadFrom);
        await UntilAsync(() => page.Markup.Contains("They read from this store now", StringComparison.Ordinal));
        Assert.Contains("Nothing answers. What is kept here is the same; history that only InfluxDB has is not shown.", page.Find(".notice.warn").TextContent, StringComparison.Ordinal);

        // It is not asked again for each chart, and is read from again once it answers.
        var asked = _type.Engine.Questions;
        await AskAsync();
        Assert.Equal(asked, _type.Engine.Questions);
        _type.Engine.Fault = null;
        _rig.Time.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal("influxdb", (await AskAsync()).ReadFrom);
        await UntilAsync(() => !page.Markup.Contains("They read from this store now", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Keeping_ANumberOfDays_IsSavedAndWhatIsNoneIsRefused()
    {
        var page = await OpenAsync();

        page.Find("input[aria-label='Days that readings of Pump hp-001 are kept']").Change("soon");
        Assert.Contains("whole number from 1 to 36500", page.Find(".wrong").TextContent, StringComparison.Ordinal);
        Assert.Empty((await _settings.ReadAsync(default)).KeepingOf);

        page.Find("input[aria-label='Days that readings of Pump hp-001 are kept']").Change("730");
        page.WaitForAssertion(() => Assert.Contains("Saved for Pump hp-001", page.Markup, StringComparison.Ordinal));
        Assert.Equal(new HistoryKeeping(730, null), (await _settings.ReadAsync(default)).KeepingOf["hp-001"]);
    }

    [Fact]
    public async Task Check_EveryReading_SaysHowManyAreIntact()
    {
        var page = await OpenAsync();

        Button(page, "Check every reading").Click();

        page.WaitForAssertion(() => Assert.Contains("700 readings are as they were written", page.Markup, StringComparison.Ordinal));
    }

    private async Task<IRenderedComponent<StoragePage>> OpenAsync()
    {
        await PrepareAsync();
        await _rig.StartAsync();
        var page = _rig.Render<StoragePage>();
        page.WaitForElement(".figures");
        return page;
    }

    private async Task SaveAsync()
    {
        await PrepareAsync();
        await _settings.SaveAsync(
            HistorySettings.Default with { Engines = [new EngineSettings("influxdb", new Settings([new("url", Address), new("token", Token)]), IsOn: true, WithPast: true)] }, default);
        await _feeds.ApplyAsync(default);
    }

    private async Task PrepareAsync()
    {
        if (_settings is not null) return;
        _settings = new HistorySettingsStore(
            new MemoryDocuments(), new ReversingProtector(), [_type], new ConfigurationBuilder().AddInMemoryCollection(_environment).Build(), NullLogger<HistorySettingsStore>.Instance);
        _feeds = new EngineFeeds(_settings, _store, _store, _rig.Live, Options.Create(new HistoryOptions()), _rig.Time, NullLogger<EngineFeeds>.Instance);
        await _feeds.StartAsync(default);
    }

    // The page draws itself anew when a feed begins, and a click on what was drawn before is lost.
    private static void OpenForm(IRenderedComponent<StoragePage> page, string button) => page.WaitForAssertion(() =>
    {
        if (Panel(page).QuerySelector("form") is null) Button(page, button).Click();
        Assert.NotNull(Panel(page).QuerySelector("form"));
    });

    private static void Fill(IRenderedComponent<StoragePage> page)
    {
        OpenForm(page, "Set up");
        page.Find("#field-influxdb-url").Change(Address);
        page.Find("#field-influxdb-token").Change(Token);
    }

    private async Task<HistoryTable> AskAsync() =>
        await _feeds.QueryAsync(new HistoryQuery(Pump.Id, [FakeMake.Outdoor.Key], _rig.Time.GetUtcNow().AddHours(-1), _rig.Time.GetUtcNow(), 100), default);

    private Task UntilAsync(Func<bool> condition) => _rig.AdvanceUntil(condition);

    private static IElement Panel(IRenderedComponent<StoragePage> page) => page.Find("[data-engine='influxdb']");

    private static IElement Button(IRenderedComponent<StoragePage> page, string text) => page.FindAll("button").First(button => button.TextContent.Trim() == text);
}
