using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using HPManager.Tests.Shared;

namespace HPManager.Tests.Deployment;

/// <summary>The install script, laying everything out below a folder of the test's, from an archive as eng/publish fills it.</summary>
[SupportedOSPlatform("linux")]
public sealed class InstallTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hpmanager-install-");

    public InstallTests()
    {
        Directory.CreateDirectory(Path.Combine(Archive, "app"));
        foreach (var file in Directory.EnumerateFiles(Repository.PathOf("deploy/systemd"))) File.Copy(file, Path.Combine(Archive, Path.GetFileName(file)));
        Put("archive/rid", Machine + "\n");
        Put("archive/app/HPManager.Web.dll", "one");
        Put("archive/app/HPManager.Web", "#!/bin/sh\n");
        File.SetUnixFileMode(Path.Combine(Archive, "app/HPManager.Web"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static string Machine => RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "linux-arm64" : "linux-x64";

    private string Archive => Path.Combine(_folder.FullName, "archive");

    private string Root => Path.Combine(_folder.FullName, "root");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Install_FreshMachine_LaysOutProgramUnitAndSettings()
    {
        await RunAsync();

        Assert.Equal("one", Read("opt/hpmanager/HPManager.Web.dll"));
        Assert.Equal(await File.ReadAllTextAsync(Repository.PathOf("deploy/systemd/hpmanager.service")), Read("etc/systemd/system/hpmanager.service"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(Root, "etc/hpmanager/hpmanager.env")));
        Assert.Equal(0, (int)(File.GetUnixFileMode(Path.Combine(Root, "opt/hpmanager/HPManager.Web")) & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)));
    }

    [Fact]
    public async Task Install_Again_ReplacesTheProgramAndKeepsDataAndSettings()
    {
        await RunAsync();
        Put("root/var/lib/hpmanager/hpmanager.db", "data");
        Put("root/etc/hpmanager/hpmanager.env", "Server__Port=5081\n");
        Put("root/opt/hpmanager/old.dll", "gone in the new version");
        Put("archive/app/HPManager.Web.dll", "two");

        await RunAsync();

        Assert.Equal("two", Read("opt/hpmanager/HPManager.Web.dll"));
        Assert.Equal("data", Read("var/lib/hpmanager/hpmanager.db"));
        Assert.Equal("Server__Port=5081\n", Read("etc/hpmanager/hpmanager.env"));
        Assert.False(File.Exists(Path.Combine(Root, "opt/hpmanager/old.dll")));
        Assert.Equal(["hpmanager"], Directory.GetFileSystemEntries(Path.Combine(Root, "opt")).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Uninstall_WithoutMore_KeepsDataAndSettings()
    {
        await RunAsync();
        Put("root/var/lib/hpmanager/hpmanager.db", "data");

        var outcome = await RunAsync("--uninstall");

        Assert.Contains("Data stays in", outcome.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(Root, "opt/hpmanager")));
        Assert.False(File.Exists(Path.Combine(Root, "etc/systemd/system/hpmanager.service")));
        Assert.Equal("data", Read("var/lib/hpmanager/hpmanager.db"));
        Assert.True(File.Exists(Path.Combine(Root, "etc/hpmanager/hpmanager.env")));
    }

    [Fact]
    public async Task Uninstall_WithPurge_RemovesEverything()
    {
        await RunAsync();
        Put("root/var/lib/hpmanager/hpmanager.db", "data");

        await RunAsync("--uninstall", "--purge");
        await RunAsync("--uninstall", "--purge");

        Assert.Empty(Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Install_ArchiveOfAnotherMachine_IsRefusedBeforeAnythingChanges()
    {
        Put("archive/rid", "linux-riscv64\n");

        var outcome = await Script("--root", Root);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains($"this archive is for linux-riscv64, and this machine is {Machine}", outcome.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Root));
    }

    [Fact]
    public async Task Install_ArchiveWithoutRuntime_StartsThroughTheMachinesOwn()
    {
        File.Delete(Path.Combine(Archive, "app/HPManager.Web"));

        await RunAsync();

        Assert.Matches("(?m)^ExecStart=/.*dotnet /opt/hpmanager/HPManager.Web.dll$", Read("etc/systemd/system/hpmanager.service"));
    }

    [Theory]
    [InlineData("--purge", "--purge goes with --uninstall")]
    [InlineData("--upgrade", "unknown argument --upgrade")]
    [InlineData("--root", "--root needs a folder")]
    public async Task Install_OddArgument_IsNamed(string argument, string said)
    {
        var outcome = await Script(argument);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains(said, outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Install_NotRoot_IsRefused()
    {
        // Anybody may read the copy: the script is what is looked at, and it must come no further than its first question.
        var script = Path.Combine(Archive, "install");
        const UnixFileMode Everybody = UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        File.SetUnixFileMode(_folder.FullName, File.GetUnixFileMode(_folder.FullName) | Everybody);
        File.SetUnixFileMode(Archive, File.GetUnixFileMode(Archive) | Everybody);
        File.SetUnixFileMode(script, File.GetUnixFileMode(script) | Everybody);
        string[] asNobody = Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : [];

        var outcome = await Shell.RunAsync([.. asNobody, script]);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("run it as root", outcome.Errors, StringComparison.Ordinal);
    }

    private async Task<Outcome> RunAsync(params string[] arguments)
    {
        var outcome = await Script([.. arguments, "--root", Root]);
        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        return outcome;
    }

    private Task<Outcome> Script(params string[] arguments) => Shell.RunAsync([Path.Combine(Archive, "install"), .. arguments], new Dictionary<string, string> { ["HOME"] = _folder.FullName });

    private string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    private void Put(string path, string text)
    {
        var file = Path.Combine(_folder.FullName, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
