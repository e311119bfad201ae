namespace HPManager.Web.Hosting;

/// <summary>What was said on the command line.</summary>
/// <param name="Demo">Run with simulated heat pumps and a fresh data folder.</param>
/// <param name="Help">Only say what can be said.</param>
/// <param name="ImportFolder">A folder with an older configuration to take over; null for none.</param>
/// <param name="CheckHistory">Only read and check all of the history.</param>
/// <param name="BackupFile">Only write a copy of the history into this new file; null for none.</param>
/// <param name="Settings">The rest: settings such as <c>--Server:Port=5081</c>.</param>
internal sealed record StartArguments(bool Demo, bool Help, string? ImportFolder, bool CheckHistory, string? BackupFile, string[] Settings)
{
    public const string Usage = """
        HPManager, the self-hosted home of every heat pump.

          --demo                               simulated heat pumps, a fresh data folder that is removed at the end
          --import FOLDER                      takes over heatpumps.yml, registers.yml, collector.yml or config.idm; twice changes nothing
          --check-history                      reads and checks every reading that is kept, says what is damaged, and ends
          --backup-history FILE                writes a copy of the history into a new file, also while HPManager runs, and ends
          --Server:Port=5081                   another port; 0 for a free one
          --Server:ListenOnAllInterfaces=true  open to the whole network, WITHOUT a login
          --Storage:DataFolder=/srv/hpmanager  where configuration and history are kept

        Every setting can also be given in appsettings.json, or in the environment as Server__Port=5081.
        """;

    private const string Import = "--import";
    private const string Backup = "--backup-history";
    private static readonly string[] Words = ["--demo", "--check-history", "--help", "-h", "-?"];

    public static StartArguments Parse(string[] args)
    {
        var rest = new List<string>();
        string? import = null, backup = null;
        for (var index = 0; index < args.Length; index++)
        {
            if (Is(args[index], Import)) import = args.ElementAtOrDefault(++index) ?? "";
            else if (Is(args[index], Backup)) backup = args.ElementAtOrDefault(++index) ?? "";
            else if (!Words.Contains(args[index], StringComparer.OrdinalIgnoreCase)) rest.Add(args[index]);
        }

        return new StartArguments(
            args.Any(arg => Is(arg, "--demo")), args.Any(arg => arg is "--help" or "-h" or "-?"), import, args.Any(arg => Is(arg, "--check-history")), backup, [.. rest]);
    }

    private static bool Is(string arg, string word) => string.Equals(arg, word, StringComparison.OrdinalIgnoreCase);
}
