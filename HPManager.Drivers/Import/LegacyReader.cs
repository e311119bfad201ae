using HPManager.Core.Manufacturers;
using HPManager.Drivers.Modbus.Profiles;

namespace HPManager.Drivers.Import;

/// <summary>Reads the files of earlier collectors, whichever of them are there. What cannot be understood is reported and left out.</summary>
internal sealed class LegacyReader(ManufacturerRegistry registry)
{
    public static readonly IReadOnlyList<string> FileNames =
    [
        "registers.yml", "registers.yaml", "collector.yml", "collector.yaml", "heatpumps.yml", "heatpumps.yaml",
        "config.idm", "idm.yml", "idm.yaml", "config.yml", "config.yaml",
    ];

    /// <summary>Reads files: texts by name, the folder in front of a name does not matter.</summary>
    public LegacyConfiguration Read(IReadOnlyDictionary<string, string> files)
    {
        var found = new LegacyConfiguration();
        var named = files.Select(file => (Name: Path.GetFileName(file.Key.Replace('\\', '/')), Text: file.Value));
        foreach (var (name, text) in named.OrderBy(file => OrderOf(file.Name)).Take(LegacyImport.MaxFiles)) Read(name, text, found);
        if (files.Count > LegacyImport.MaxFiles) found.Leave("", 0, "files", $"At most {LegacyImport.MaxFiles} files are imported at a time.");
        return found;
    }

    // Devices first, then what holds for all heat pumps, then these.
    private static int OrderOf(string name) => IsOf(name, "registers") ? 0 : IsOf(name, "collector") ? 1 : 2;

    private static bool IsOf(string name, string kind) => name.StartsWith(kind, StringComparison.OrdinalIgnoreCase);

    private void Read(string name, string text, LegacyConfiguration into)
    {
        if (text.Length > LegacyImport.MaxFileLength)
        {
            into.Leave(name, 0, "file", $"It is longer than {LegacyImport.MaxFileLength / 1_000_000} million characters.");
            return;
        }

        try
        {
            var root = new LegacyNode(YamlFields.ParseRoot(text));
            if (IsOf(name, "registers")) RegistersFile.Read(name, root, into);
            else if (IsOf(name, "heatpumps")) HeatPumpsFile.Read(name, root, model => FindModel(model, into), into);
            else if (IsOf(name, "collector")) CollectorFile.Read(name, root, into);
            else if (SingleDeviceFile.IsOne(root)) SingleDeviceFile.Read(name, root, into);
            else into.Leave(name, root.Line, "file", $"It is not known; known are {string.Join(", ", FileNames)}.");
        }
        catch (ProfileFormatException wrong)
        {
            into.Leave(name, wrong.Line, "file", wrong.Message);
        }
    }

    private (string Manufacturer, string Model)? FindModel(string name, LegacyConfiguration found)
    {
        if (found.Models.Find(model => string.Equals(model.Name, name, StringComparison.OrdinalIgnoreCase)) is { } own)
            return (own.Draft.Manufacturer, own.Draft.Model);
        var plain = Plain(name);
        foreach (var model in registry.All.SelectMany(make => make.Models))
        {
            var names = new[] { model.Key, model.Name, $"{model.Manufacturer} {model.Key}", $"{model.Manufacturer} {model.Name}" };
            if (names.Any(known => Plain(known) == plain)) return (model.Manufacturer, model.Key);
        }

        return null;
    }

    private static string Plain(string name) => new([.. name.ToLowerInvariant().Where(char.IsLetterOrDigit)]);
}
