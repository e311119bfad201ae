using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using Microsoft.Extensions.Logging;

namespace HPManager.Core.Storage;

/// <summary>Keeps the secrets among a heat pump's settings encrypted in the file. Thread-safe.</summary>
internal sealed partial class SecretSettings(ManufacturerRegistry registry, ISecretProtector protector, ILogger<SecretSettings> logger)
{
    private const string Mark = "sealed:";

    /// <summary>As it is kept in the file.</summary>
    public HeatPump Seal(HeatPump heatPump) => Change(heatPump, (_, plain) => Mark + protector.Protect(plain));

    /// <summary>As it is used. A secret that cannot be read any more is left out: the owner has to give it again.</summary>
    public HeatPump Open(HeatPump heatPump) => Change(heatPump, (key, kept) =>
    {
        if (!kept.StartsWith(Mark, StringComparison.Ordinal)) return kept;
        var plain = protector.Unprotect(kept[Mark.Length..]);
        if (plain is null) Log.Unreadable(logger, heatPump.Id, key);
        return plain;
    });

    private HeatPump Change(HeatPump heatPump, Func<string, string, string?> change)
    {
        // What a model unknown now has as secrets is not known either: it stays sealed until the model is back.
        if (!registry.TryGetModel(heatPump.Manufacturer, heatPump.Model, out var model)) return heatPump;
        var settings = heatPump.Connection.Settings;
        foreach (var key in model.SecretsOf(heatPump.Connection.Kind))
        {
            if (settings[key] is { Length: > 0 } value) settings = settings.With(key, change(key, value));
        }

        return heatPump with { Connection = heatPump.Connection with { Settings = settings } };
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventId = 5030, Level = LogLevel.Warning,
            Message = "The {Setting} of {HeatPump} cannot be decrypted, its key is missing from the data folder; it has to be given again in the heat pump's settings")]
        public static partial void Unreadable(ILogger logger, HeatPumpId heatPump, string setting);
    }
}
