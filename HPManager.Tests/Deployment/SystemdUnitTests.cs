using HPManager.Tests.Shared;

namespace HPManager.Tests.Deployment;

/// <summary>The unit for machines without containers, as systemd itself judges it.</summary>
public sealed class SystemdUnitTests : IDisposable
{
    private const string UnitPath = "deploy/systemd/hpmanager.service";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hpmanager-unit-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Unit_Sandbox_ExposesLittle()
    {
        // Exposure times ten: 20 is "OK", where a service without a sandbox has 96.
        var outcome = await Shell.RunAsync(
            ["systemd-analyze", "security", "--offline=true", "--no-pager", "--threshold=20", Repository.PathOf(UnitPath)], new Dictionary<string, string> { ["HOME"] = _folder.FullName });

        Assert.True(outcome.ExitCode == 0, outcome.Output + outcome.Errors);
    }

    [Fact]
    public async Task Unit_EveryLine_IsUnderstoodBySystemd()
    {
        // verify wants the program to be there.
        var unit = (await File.ReadAllTextAsync(Repository.PathOf(UnitPath))).Replace("/opt/hpmanager/HPManager.Web", "/bin/true", StringComparison.Ordinal);
        var file = Path.Combine(_folder.FullName, "hpmanager.service");
        await File.WriteAllTextAsync(file, unit);

        var outcome = await Shell.RunAsync(["systemd-analyze", "verify", file], new Dictionary<string, string> { ["HOME"] = _folder.FullName });

        Assert.Equal("", outcome.Errors.Trim());
        Assert.Equal(0, outcome.ExitCode);
    }

    [Fact]
    public void Unit_Program_RunsAsItsOwnUserWithOneFolder()
    {
        var lines = File.ReadAllLines(Repository.PathOf(UnitPath));

        Assert.Contains("User=hpmanager", lines);
        Assert.Contains("StateDirectory=hpmanager", lines);
        Assert.Contains("Environment=Storage__DataFolder=%S/hpmanager", lines);
        Assert.Contains("Restart=on-failure", lines);
        Assert.Contains("SupplementaryGroups=dialout", lines);
        Assert.DoesNotContain(lines, line => line.StartsWith("ReadWritePaths", StringComparison.Ordinal) || line.StartsWith("WatchdogSec", StringComparison.Ordinal));
    }
}
