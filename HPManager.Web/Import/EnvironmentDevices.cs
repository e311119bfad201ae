using HPManager.Drivers.Import;

namespace HPManager.Web.Import;

/// <summary>Makes the devices that the environment of an earlier collector names, before anybody is served. What became of each stands in the log.</summary>
internal static partial class EnvironmentDevices
{
    /// <summary>Makes what has not been made yet.</summary>
    /// <exception cref="IOException">What was made cannot be noted.</exception>
    public static async Task MakeEnvironmentDevicesAsync(this WebApplication app)
    {
        var stopping = app.Lifetime.ApplicationStopping;
        var file = Path.Combine(Environment.CurrentDirectory, EnvironmentImport.ConfigurationFile);
        var text = File.Exists(file) && new FileInfo(file).Length < LegacyImport.MaxFileLength ? await File.ReadAllTextAsync(file, stopping) : null;
        var outcomes = await app.Services.GetRequiredService<EnvironmentImport>().RunAsync(name => app.Configuration[name], text, stopping);
        foreach (var outcome in outcomes)
        {
            if (outcome.HeatPump is { } made) Log.Made(app.Logger, outcome.Variables, made.Id, made.Name);
            else if (outcome.Problem is { } problem) Log.NotMade(app.Logger, outcome.Variables, problem);
            else Log.MadeBefore(app.Logger, outcome.Variables);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 310, Level = LogLevel.Information, Message = "The environment's {Variables} has become {HeatPump}, {Name}; from now on it is changed in the browser")]
        public static partial void Made(ILogger logger, string variables, Core.HeatPumps.HeatPumpId heatPump, string name);

        [LoggerMessage(EventId = 311, Level = LogLevel.Warning, Message = "The environment's {Variables} names a device that cannot be made: {Problem}")]
        public static partial void NotMade(ILogger logger, string variables, string problem);

        [LoggerMessage(EventId = 312, Level = LogLevel.Information, Message = "The environment's {Variables} is not looked at any more: its device was made before")]
        public static partial void MadeBefore(ILogger logger, string variables);
    }
}
