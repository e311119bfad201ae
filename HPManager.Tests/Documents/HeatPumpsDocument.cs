using System.Globalization;
using System.Text;
using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;

namespace HPManager.Tests.Documents;

/// <summary>Writes <c>docs/heat-pumps.md</c> from the models themselves.</summary>
internal static class HeatPumpsDocument
{
    private const int LongestList = 40;

    public static string Write(IReadOnlyList<Manufacturer> manufacturers)
    {
        var page = new StringBuilder();
        page.Append("""
            # Heat pumps

            What the program reads and writes, by make and model. This page is made from the models themselves (`eng/documents`), and a test holds it against
            them. Numbers of sensors are those with the usual options and, in brackets, with every option. What nobody has proven on hardware is said under
            *Unverified*; the program says the same in its setup.

            | make | model | connections | sensors | can be written |
            | --- | --- | --- | --- | --- |

            """);
        foreach (var (make, model) in manufacturers.SelectMany(make => make.Models.Select(model => (make, model))))
        {
            var (usual, all) = (model.Sensors(Settings.Empty), model.Sensors(Everything(model)));
            page.Append(
                CultureInfo.InvariantCulture,
                $"| {Cell(make.Name)} | [{Cell(model.Name)}](#{Anchor(make, model)}) | {string.Join(", ", model.Connections.Select(kind => Cell(kind.Label)))} | {Count(usual, all, _ => true)} | {Count(usual, all, sensor => sensor.IsWritable)} |\n");
        }

        foreach (var make in manufacturers)
        {
            page.Append(CultureInfo.InvariantCulture, $"\n## {make.Name}\n");

            // Models of one family share their guide; it is written once.
            foreach (var family in make.Models.GroupBy(model => Guide(model.Guide)))
            {
                foreach (var model in family) AppendModel(page, make, model);
                page.Append('\n').Append(family.Key);
            }
        }

        return page.ToString();
    }

    private static void AppendModel(StringBuilder page, Manufacturer make, HeatPumpModel model)
    {
        var all = model.Sensors(Everything(model));
        page.Append(CultureInfo.InvariantCulture, $"\n### {make.Name}: {model.Name}\n\n");
        if (model.Description.Length > 0) page.Append(CultureInfo.InvariantCulture, $"{model.Description}\n\n");
        page.Append(CultureInfo.InvariantCulture, $"- Key: `{make.Key}/{model.Key}`\n");
        if (model.Firmware.Length > 0) page.Append(CultureInfo.InvariantCulture, $"- Firmware: {model.Firmware}\n");
        page.Append(CultureInfo.InvariantCulture, $"- Connections: {string.Join("; ", model.Connections.Select(Connection))}\n");
        page.Append(CultureInfo.InvariantCulture, $"- Read every {model.DefaultInterval.TotalSeconds:0} s unless set otherwise\n");
        page.Append(CultureInfo.InvariantCulture, $"- Known by meaning: {List([.. all.All.Where(sensor => sensor.Signal is not null).Select(sensor => sensor.Signal!.Value.Key().Replace('_', ' ')).Distinct()])}\n");
        page.Append(CultureInfo.InvariantCulture, $"- Can be written: {List([.. all.All.Where(sensor => sensor.IsWritable).Select(sensor => sensor.Label)])}\n");
    }

    private static string Guide(SetupGuide guide)
    {
        var text = new StringBuilder();
        Append("Switch access on", guide.Steps, "1. ");
        Append("Good to know", guide.Notes, "- ");
        Append("Unverified", guide.Unverified, "- ");
        return text.ToString();

        void Append(string title, IReadOnlyList<string> lines, string bullet)
        {
            if (lines.Count == 0) return;
            if (text.Length > 0) text.Append('\n');
            text.Append(CultureInfo.InvariantCulture, $"**{title}**\n\n");
            foreach (var line in lines) text.Append(bullet).Append(line).Append('\n');
        }
    }

    private static string Connection(ConnectionKind kind)
    {
        var port = kind.Parameters.FirstOrDefault(parameter => parameter.Key == "port")?.Default;
        return port is null ? kind.Label : $"{kind.Label}, port {port}";
    }

    private static string Count(SensorSet usual, SensorSet all, Func<SensorDefinition, bool> counts)
    {
        var (few, many) = (usual.All.Count(counts), all.All.Count(counts));
        return few == many ? $"{few}" : $"{few} ({many})";
    }

    private static string List(IReadOnlyList<string> words) => words.Count switch
    {
        0 => "nothing",
        > LongestList => $"{string.Join(", ", words.Take(LongestList))} and {words.Count - LongestList} more",
        _ => string.Join(", ", words),
    };

    /// <summary>Options that show every sensor a model can have.</summary>
    internal static Settings Everything(HeatPumpModel model) => new(model.Options
        .Select(option => KeyValuePair.Create(option.Key, option.Kind switch
        {
            ParameterKind.Choices => string.Join(',', option.Choices.Select(choice => choice.Key)),
            ParameterKind.Integer => option.Max?.ToString(CultureInfo.InvariantCulture),
            ParameterKind.Flag => "true",
            _ => option.Default,
        }))
        .Where(pair => pair.Value is not null)
        .Select(pair => KeyValuePair.Create(pair.Key, pair.Value!)));

    private static string Anchor(Manufacturer make, HeatPumpModel model) => new(
        [.. $"{make.Name}: {model.Name}".ToLowerInvariant().Where(letter => char.IsLetterOrDigit(letter) || letter is ' ' or '-' or '_').Select(letter => letter == ' ' ? '-' : letter)]);

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
