using System.Text.Json;
using HPManager.Core.Discovery;
using HPManager.Core.HeatPumps;
using HPManager.Core.Storage;
using HPManager.Drivers.Husdata.Driver;
using Microsoft.Extensions.Options;

namespace HPManager.Drivers.Import;

/// <summary>What became of a device that the environment names.</summary>
/// <param name="Variables">The variables that name it.</param>
/// <param name="HeatPump">The device made; null when none was.</param>
/// <param name="Problem">Why it was not, in words; null when it was made, or had been made before.</param>
public sealed record EnvironmentOutcome(string Variables, HeatPump? HeatPump, string? Problem);

/// <summary>
/// Makes the devices that the environment of an earlier collector names, each once: afterwards it is a device like any other, and changing or removing it
/// in the browser is final whatever the environment says. One call at a time.
/// </summary>
public sealed class EnvironmentImport(HeatPumpDirectory directory, IBrokerListener listener, IOptions<StorageOptions> storage)
{
    /// <summary>Name of the file beside which the variables are read, in the folder the program is started from.</summary>
    public const string ConfigurationFile = "config.yaml";

    private static readonly TimeSpan ListenFor = TimeSpan.FromMinutes(1);

    /// <summary>Makes what has not been made yet; takes up to a minute for a gateway that has to be heard at its broker.</summary>
    /// <param name="variable">Value of a variable; null for one that is not set.</param>
    /// <param name="configuration">Text of <see cref="ConfigurationFile"/>; null for none.</param>
    /// <param name="cancellationToken">Ends between two devices.</param>
    /// <exception cref="IOException">What was made cannot be noted.</exception>
    public async Task<IReadOnlyList<EnvironmentOutcome>> RunAsync(Func<string, string?> variable, string? configuration, CancellationToken cancellationToken)
    {
        var made = await ReadNotesAsync(cancellationToken);
        var outcomes = new List<EnvironmentOutcome>();
        foreach (var device in CollectorEnvironment.Read(variable, configuration))
        {
            if (made.Contains(device.Key))
            {
                outcomes.Add(new EnvironmentOutcome(device.Variables, null, null));
                continue;
            }

            var outcome = await MakeAsync(device, cancellationToken);
            outcomes.Add(outcome);
            if (outcome.HeatPump is null) continue;
            made.Add(device.Key);
            await WriteNotesAsync(made, cancellationToken);
        }

        return outcomes;
    }

    private async Task<EnvironmentOutcome> MakeAsync(EnvironmentDevice device, CancellationToken cancellationToken)
    {
        if (device.HeatPump is not { } candidate) return new EnvironmentOutcome(device.Variables, null, device.Problem);
        if (candidate.Connection.Kind == HusdataConnections.Mqtt)
        {
            var (heard, silence) = await HearAsync(candidate.Connection.Settings, cancellationToken);
            if (heard is null) return new EnvironmentOutcome(device.Variables, null, silence);
            candidate = candidate with { Connection = heard };
        }

        var saved = await directory.AddAsync(candidate, cancellationToken);
        return new EnvironmentOutcome(
            device.Variables, saved.HeatPump, saved.IsSaved ? null : string.Join(" ", saved.Errors.Select(error => $"{error.Field}: {error.Message}")));
    }

    private async Task<(ConnectionConfig? Gateway, string? Problem)> HearAsync(Settings broker, CancellationToken cancellationToken)
    {
        var wrong = listener.Parameters.Check(broker, "broker").ToList();
        if (wrong.Count > 0) return (null, string.Join(" ", wrong.Select(error => error.Message)));
        var first = new TaskCompletionSource<ConnectionConfig>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var listening = listener.ListenAsync(listener.Parameters.WithDefaults(broker), ListenFor, Take, enough.Token);
        await Task.WhenAny(listening, first.Task);
        if (first.Task.IsCompletedSuccessfully)
        {
            await enough.CancelAsync();
            await ((Task)listening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return (await first.Task, null);
        }

        return (null, await listening is { } failure
            ? $"{failure.Message} {failure.Hint}"
            : "No Husdata gateway was heard at MQTT_BROKER within a minute. One that lost its broker tries again once an hour; it is looked for again at the next start.");

        void Take(Sighting sighting)
        {
            if (sighting.Connection is { Kind: HusdataConnections.Mqtt } gateway) first.TrySetResult(gateway);
        }
    }

    private async Task<SortedSet<string>> ReadNotesAsync(CancellationToken cancellationToken)
    {
        var file = storage.Value.EnvironmentNotesFile;
        if (!File.Exists(file)) return new SortedSet<string>(StringComparer.Ordinal);
        try
        {
            return new SortedSet<string>(JsonSerializer.Deserialize<string[]>(await File.ReadAllTextAsync(file, cancellationToken)) ?? [], StringComparer.Ordinal);
        }
        catch (JsonException damaged)
        {
            throw new IOException($"{file} is damaged; remove it to have the devices made again that the environment names.", damaged);
        }
    }

    private async Task WriteNotesAsync(SortedSet<string> made, CancellationToken cancellationToken)
    {
        var file = storage.Value.EnvironmentNotesFile;
        var fresh = file + ".new";
        await File.WriteAllTextAsync(fresh, JsonSerializer.Serialize(made), cancellationToken);
        File.Move(fresh, file, overwrite: true);
    }
}
