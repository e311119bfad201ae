namespace HPManager.Web.Hosting;

/// <summary>What was said on the command line.</summary>
/// <param name="Demo">Run with simulated heat pumps and a fresh data folder.</param>
/// <param name="Help">Only say what can be said.</param>
/// <param name="ImportFolder">A folder with an older configuration to take over; null for none.</param>
/// <param name="Settings">The rest: settings such as <c>--Server:Port=5081</c>.</param>
internal sealed record StartArguments(bool Demo, bool Help, string? ImportFolder, string[] Settings)
{
    public const string Usage = """
        HPManager, the self-hosted home of every heat pump.

          --demo                               simulated heat pumps, a fresh data folder that is removed at the end
          --import FOLDER                      takes over heatpumps.yml, registers.yml, collector.yml or config.idm; twice changes nothing
          --Server:Port=5081                   another port; 0 for a free one
          --Server:ListenOnAllInterfaces=true  open to the whole network, WITHOUT a login
          --Storage:DataFolder=/srv/hpmanager  where configuration and history are kept

        Every setting can also be given in appsettings.json, or in the environment as Server__Port=5081.
        """;

    private const string Import = "--import";

    public static StartArguments Parse(string[] args)
    {
        var import = Array.FindIndex(args, arg => string.Equals(arg, Import, StringComparison.OrdinalIgnoreCase));
        var folder = import < 0 ? null : args.ElementAtOrDefault(import + 1) ?? "";
        return new StartArguments(
            args.Contains("--demo", StringComparer.OrdinalIgnoreCase),
            args.Any(arg => arg is "--help" or "-h" or "-?"),
            folder,
            [.. args.Where((arg, index) => !string.Equals(arg, "--demo", StringComparison.OrdinalIgnoreCase) && (import < 0 || (index != import && index != import + 1)))]);
    }
}
