using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using HPManager.Tests.Shared;

namespace HPManager.Tests.EndToEnd;

/// <summary>Starts that cannot go well, and what earlier ones left behind.</summary>
public class StartTests
{
    [Theory]
    [InlineData("--demo")]
    [InlineData("--Logging:LogLevel:Default=Information")]
    public async Task Start_PortTaken_EndsWithWordsThatSayWhatToDo(string argument)
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        using var data = new DataFolder();

        await using var server = await HPManagerProcess.RunToEndAsync($"--Server:Port={port}", $"--Storage:DataFolder={data.Path}", argument);

        Assert.Equal(1, server.ExitCode);
        Assert.Contains("another port is chosen with --Server:Port=5081", server.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("BackgroundService failed", server.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("Added hp-001", server.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Demo_AfterOneThatWasKilled_RemovesItsFolderAndLeavesThoseOfOthers()
    {
        using var gone = Process.Start(new ProcessStartInfo("true") { UseShellExecute = false })!;
        await gone.WaitForExitAsync();
        var abandoned = Directory.CreateTempSubdirectory($"hpmanager-demo-{gone.Id}-").FullName;
        var running = Directory.CreateTempSubdirectory($"hpmanager-demo-{Environment.ProcessId}-").FullName;
        try
        {
            await using var server = await HPManagerProcess.StartAsync("--demo");

            Assert.False(Directory.Exists(abandoned));
            Assert.True(Directory.Exists(running));
        }
        finally
        {
            Directory.Delete(running);
        }
    }
}
