using HPManager.Core.HeatPumps;
using HPManager.Drivers.Import;

namespace HPManager.Web.Import;

/// <summary>Makes the devices that the environment of an earlier collector names, beside everything else. What became of each stands in the log.</summary>
internal sealed partial class EnvironmentDevices(EnvironmentImport import, IConfiguration configuration, ILogger<EnvironmentDevices> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            var file = Path.Combine(Environment.CurrentDirectory, EnvironmentImport.ConfigurationFile);
            var text = File.Exists(file) && new FileInfo(file).Length < LegacyImport.MaxFileLength ? await File.ReadAllTextAsync(file, stoppingToken) : null;
            foreach (var outcome in await import.RunAsync(name => configuration[name], text, stoppingToken)) Tell(outcome);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            Log.Failed(logger, fault.Message);
        }
    }

    private void Tell(EnvironmentOutcome outcome)
    {
        if (outcome.HeatPump is { } made) Log.Made(logger, outcome.Variables, made.Id, made.Name);
        else if (outcome.Problem is { } problem) Log.NotMade(logger, outcome.Variables, problem);
        else Log.MadeBefore(logger, outcome.Variables);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 310, Level = LogLevel.Information, Message = "The environment's {Variables} has become {HeatPump}, {Name}; from now on it is changed in the browser")]
        public static partial void Made(ILogger logger, string variables, HeatPumpId heatPump, string name);

        [LoggerMessage(EventId = 311, Level = LogLevel.Warning, Message = "The environment's {Variables} names a device that cannot be made: {Problem}")]
        public static partial void NotMade(ILogger logger, string variables, string problem);

        [LoggerMessage(EventId = 312, Level = LogLevel.Information, Message = "The environment's {Variables} is not looked at any more: its device was made before")]
        public static partial void MadeBefore(ILogger logger, string variables);

        [LoggerMessage(EventId = 313, Level = LogLevel.Error, Message = "The environment's devices are not looked at: {Reason}")]
        public static partial void Failed(ILogger logger, string reason);
    }
}
