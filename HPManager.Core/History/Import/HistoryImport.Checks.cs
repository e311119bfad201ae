using HPManager.Core.HeatPumps;
using HPManager.Core.History.Import.Csv;
using HPManager.Core.History.Import.HomeAssistant;
using HPManager.Core.History.Import.Http;

namespace HPManager.Core.History.Import;

/// <content>What is allowed, and which reader reads what.</content>
public sealed partial class HistoryImport
{
    private const string SourceField = "source";
    private const string MappingField = "mapping";
    private static readonly string[] CsvExtensions = [".csv", ".tsv", ".txt"];

    private static string? WrongWith(HomeAssistantSettings settings) => settings switch
    {
        { GridSeconds: < 1 or > 3600 } => "The grid must be 1 to 3600 seconds.",
        { OutageMinutes: < 1 or > 1440 } => "The outage must be 1 to 1440 minutes.",
        _ => null,
    };

    private IImportReader ReaderOf(ImportSource source)
    {
        if (source.Kind is ImportKind.Csv or ImportKind.HomeAssistant) CheckFile(source.File, isText: source.Kind == ImportKind.Csv);
        else if (source.Server is null) throw new ImportException("Give the address of the server.");
        if (source.HomeAssistant is { } home && WrongWith(home) is { } wrong) throw new ImportException(wrong);
        return source.Kind switch
        {
            ImportKind.Csv => new CsvReader(source.File!, source.Csv ?? new CsvSettings(), _time),
            ImportKind.HomeAssistant => new HomeAssistantReader(source.File!, source.HomeAssistant ?? new HomeAssistantSettings(), _time),
            ImportKind.Influxdb => new InfluxReader(source.Server!, _time),
            _ => new VictoriaMetricsReader(source.Server!, _time),
        };
    }

    // The preview shows what is in a file: of this machine only such as an owner may mean, not whatever the program can read.
    private void CheckFile(string? file, bool isText = true)
    {
        if (string.IsNullOrWhiteSpace(file)) throw new ImportException("Choose a file.");
        if (file.Contains('\0', StringComparison.Ordinal) || !Path.IsPathFullyQualified(file)) throw new ImportException("Give the whole path of the file, from the root on.");
        if (_folder.IsUpload(file))
        {
            if (!File.Exists(file)) throw new ImportException("The uploaded file is gone; upload it again.");
            return;
        }

        if (isText && !CsvExtensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
            throw new ImportException($"A CSV file on the server must end in {string.Join(", ", CsvExtensions)}.");
        if (!File.Exists(file)) throw new ImportException($"There is no file {file} on the server, or it may not be read.");
    }

    private List<FieldError> Check(ImportPlan plan)
    {
        var errors = new List<FieldError>();
        if (_live.Get(plan.HeatPumpId) is not { } state)
        {
            errors.Add(new FieldError("heatPumpId", $"There is no heat pump {plan.HeatPumpId}."));
            return errors;
        }

        if (plan.TogetherSeconds is not (>= 0 and <= 60)) errors.Add(new FieldError("togetherSeconds", "Must be 0 to 60."));
        if (plan.Mapping.Count is 0 or > ImportSurvey.MostSeries) errors.Add(new FieldError(MappingField, $"Map 1 to {ImportSurvey.MostSeries} series to sensors."));
        if (plan.Mapping.DistinctBy(mapping => mapping.Series).Count() != plan.Mapping.Count) errors.Add(new FieldError(MappingField, "A series is mapped twice."));
        foreach (var mapping in plan.Mapping)
        {
            if (!state.Sensors.TryGet(mapping.Sensor, out var sensor) || !sensor.IsReadable)
                errors.Add(new FieldError(MappingField, $"{plan.HeatPumpId} reads no sensor '{mapping.Sensor}'."));
            else if (!SeriesProposals.Fits(mapping.Unit, sensor))
                errors.Add(new FieldError(MappingField, $"{mapping.Name} is in {mapping.Unit}, which cannot become {sensor.Label} in {sensor.Unit} with certainty."));
        }

        try
        {
            var reader = ReaderOf(plan.Source);
            _ = reader.DisposeAsync().AsTask();
        }
        catch (ImportException wrong)
        {
            errors.Add(new FieldError(SourceField, wrong.Message));
        }

        return errors;
    }
}
