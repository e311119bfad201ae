using Bunit;
using HPManager.Core.HeatPumps;
using HPManager.Core.History;
using HPManager.Core.History.Import;
using HPManager.Core.Sensors;
using HPManager.Core.Storage;
using HPManager.Tests.Core.History.Import;
using HPManager.Tests.Shared;
using HPManager.Web.Components.Controls;
using HPManager.Web.Components.Charts;
using HPManager.Web.Components.Display;
using HPManager.Web.Components.Pages.Transfer;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace HPManager.Tests.Web.Components.Pages;

public sealed class HistoryImportPageTests : IDisposable
{
    private const string Csv = "time;Outside temp (°F);Betriebsart;Something else\n2026-01-10 06:00:00;50,0;automatic;1\n2026-01-10 06:01:00;51,8;nonsense;2\n";

    private readonly DataFolder _folder = new();
    private readonly PagesRig _rig = new(FakeMake.HeatPump("hp-001", "10.0.0.1"));

    public HistoryImportPageTests() => _rig.Services.AddSingleton(provider => new HistoryImport(
        new ImportFolder(Options.Create(new StorageOptions { DataFolder = _folder.Path }), new ReversingProtector()),
        provider.GetRequiredService<ITimeSeriesStore>(),
        _rig.Live,
        _rig.Time,
        NullLogger<HistoryImport>.Instance));

    public void Dispose()
    {
        _rig.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Csv_Uploaded_IsProposedCorrectedImportedAndReported()
    {
        await _rig.StartAsync();
        var page = _rig.Render<HistoryImportPage>();
        page.FindComponent<InputFile>().UploadFiles(InputFileContent.CreateFromText(Csv, "mine.csv"));
        page.WaitForElement("#csv-separator");
        Assert.Equal(";", page.Find("#csv-separator option[selected]").GetAttribute("value"));
        Assert.Contains("Outside temp (°F)", page.Find(".csv table").TextContent, StringComparison.Ordinal);

        Button(page, "Look what is there").Click();
        page.WaitForElement("ul.series");
        Assert.Equal("outdoor_temperature", Chosen(page, "Outside temp"));
        Assert.Equal("operating_mode", Chosen(page, "Betriebsart"));
        Assert.Equal("", Chosen(page, "Something else"));

        Button(page, "Import 2 series").Click();
        await _rig.AdvanceUntil(() => page.Markup.Contains("Imported", StringComparison.Ordinal));

        Assert.Contains("'nonsense' is no code of Operating mode (1)", page.Markup, StringComparison.Ordinal);
        var values = _rig.History.Snapshots.Where(snapshot => snapshot.At < ImportRig.Utc("2026-01-11T00:00:00Z")).Select(snapshot => snapshot[FakeMake.Outdoor.Key]!.Value.Value!.Value);
        Assert.Equal([10.0, 11.0], values.Select(value => Math.Round(value, 9)));
    }

    [Fact]
    public async Task Csv_FieldChangedAndButtonPressedInOneGo_BothCount()
    {
        await _rig.StartAsync();
        var page = _rig.Render<HistoryImportPage>();
        page.FindComponent<InputFile>().UploadFiles(InputFileContent.CreateFromText(Csv, "mine.csv"));
        page.WaitForElement("#csv-separator");

        // The field is left by pressing the button: within one turn, so that nothing is read in between.
        await page.InvokeAsync(() =>
        {
            _ = page.Find("#csv-zone").ChangeAsync(new ChangeEventArgs { Value = "Asia/Tokyo" });
            _ = Button(page, "Look what is there").ClickAsync(new MouseEventArgs());
        });

        page.WaitForElement("ul.series");
        Assert.Equal("Asia/Tokyo", page.Find("#csv-zone").GetAttribute("value"));
    }

    [Fact]
    public async Task Mapping_UnitsThatDoNotFit_AreToldAndNotImported()
    {
        await _rig.StartAsync();
        var page = _rig.Render<HistoryImportPage>();
        page.FindComponent<InputFile>().UploadFiles(InputFileContent.CreateFromText(Csv, "mine.csv"));
        page.WaitForElement("#csv-separator");
        Button(page, "Look what is there").Click();
        page.WaitForElement("ul.series");

        page.Find("select[aria-label='Unit of Outside temp']").Change("kWh");

        // Readings render the page as well: a change may have to wait for its turn.
        page.WaitForAssertion(() => Assert.Contains("kWh cannot become °C with certainty", page.Markup, StringComparison.Ordinal));
        Assert.True(Button(page, "Import 2 series").HasAttribute("disabled"));
        page.Find("select[aria-label='Sensor that Outside temp becomes']").Change("");
        page.WaitForAssertion(() => Assert.False(Button(page, "Import 1 series").HasAttribute("disabled")));
    }

    [Fact]
    public async Task File_ThatIsNoText_IsRefusedInWords()
    {
        await _rig.StartAsync();
        var page = _rig.Render<HistoryImportPage>();

        page.FindComponent<InputFile>().UploadFiles(InputFileContent.CreateFromBinary("SQLite format 3\0 and so on"u8.ToArray(), "mine.csv"));

        page.WaitForAssertion(() => Assert.Contains("SQLite database, not CSV", page.Find("[role=alert]").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public void NoHeatPump_InvitesToAddOne()
    {
        using var empty = new PagesRig();
        empty.Services.AddSingleton(provider => new HistoryImport(
            new ImportFolder(Options.Create(new StorageOptions { DataFolder = _folder.Path }), new ReversingProtector()),
            provider.GetRequiredService<ITimeSeriesStore>(),
            empty.Live,
            empty.Time,
            NullLogger<HistoryImport>.Instance));

        Assert.Contains("No heat pump yet", empty.Render<HistoryImportPage>().Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_Sheet_LinksToWhatWasChosen()
    {
        await _rig.StartAsync();
        var state = _rig.Live.Get(HeatPumpId.Parse("hp-001"))!;
        var window = new ChartWindow(ImportRig.Utc("2026-01-10T00:00:00Z"), ImportRig.Utc("2026-01-11T00:00:00Z"));
        var sheet = _rig.Render<ExportSheet>(parameters => parameters
            .Add(self => self.HeatPumps, [state])
            .Add(self => self.Window, window)
            .Add(self => self.Series, [new ChartSeries(state, FakeMake.Outdoor)]));
        Assert.Equal(
            "api/heatpumps/hp-001/history/export?format=csv&from=2026-01-10T00:00:00.000Z&to=2026-01-11T00:00:00.000Z&quality=true", sheet.Find("a[download]").GetAttribute("href"));

        sheet.FindAll("input[name=export-sensors]")[1].Change(true);
        sheet.FindAll("input[name=export-format]")[2].Change(true);
        sheet.FindAll("input[name=export-range]")[1].Change(true);
        sheet.Find("input[type=checkbox]").Change(false);

        Assert.Equal("api/heatpumps/hp-001/history/export?format=ndjson&from=1970-01-01&to=now&sensor=outdoor_temperature", sheet.Find("a[download]").GetAttribute("href"));
        sheet.FindAll("input[name=export-range]")[2].Change(true);
        sheet.Find("input[aria-label='First day']").Change("2026-02-01");
        Assert.Contains("not after the last", sheet.Markup, StringComparison.Ordinal);
    }

    private static AngleSharp.Dom.IElement Button(IRenderedComponent<HistoryImportPage> page, string words) =>
        page.FindAll("button").Single(button => button.TextContent.Trim() == words);

    private static string? Chosen(IRenderedComponent<HistoryImportPage> page, string series) =>
        page.Find($"select[aria-label='Sensor that {series} becomes'] option[selected]").GetAttribute("value");
}
