using System.Globalization;
using HPManager.Tests.Shared;

namespace HPManager.Tests.Deployment;

/// <summary>The broker of the compose file, started by its own script on a loopback port.</summary>
public sealed class MosquittoStartTests : IDisposable
{
    private const string Password = "corr3ct/horse$battery";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hpmanager-compose-broker-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("hpmanager", "", "set MQTT_PASSWORD in .env")]
    [InlineData("", "secret", "set MQTT_USERNAME in .env")]
    [InlineData("hp manager", "secret", "MQTT_USERNAME may have")]
    [InlineData("hpmanager", "two words", "MQTT_PASSWORD may not have blanks or colons")]
    [InlineData("hpmanager", "two:words", "MQTT_PASSWORD may not have blanks or colons")]
    public async Task Start_SecretIsMissingOrOdd_SaysSoAndDoesNotStart(string user, string password, string said)
    {
        var outcome = await Shell.RunAsync(Script, Environment(user, password));

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains(said, outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WithAPassword_LetsInWhoKnowsItAndIsHealthy()
    {
        var port = FreePort.Next();
        var configuration = (await File.ReadAllTextAsync(Repository.PathOf("deploy/mosquitto/mosquitto.conf")))
            .Replace("listener 1883", string.Create(CultureInfo.InvariantCulture, $"listener {port} 127.0.0.1"), StringComparison.Ordinal)
            .Replace("/tmp/hpmanager/", _folder.FullName + "/", StringComparison.Ordinal)
            .Replace("/mosquitto/data/", _folder.FullName + "/", StringComparison.Ordinal);

        // Started as root it would otherwise become a user who may not read the folder; in the container it is that user from the start.
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "mosquitto.conf"), configuration + "user root\n");
        using var broker = Shell.Start(Script, Environment("hpmanager", Password));
        try
        {
            await Eventually.IsTrue(async () => (await SubscribeAsync(port, "-u", "hpmanager", "-P", Password)).ExitCode == 0, Limit);

            Assert.NotEqual(0, (await SubscribeAsync(port)).ExitCode);
            Assert.NotEqual(0, (await SubscribeAsync(port, "-u", "hpmanager", "-P", "wrong")).ExitCode);
            Assert.DoesNotContain(Password, await File.ReadAllTextAsync(Path.Combine(_folder.FullName, "users")), StringComparison.Ordinal);

            // As the health check does it: the options file tells name and password.
            var check = (List<object>)((Dictionary<object, object>)new ComposeFile().Services["mosquitto"].Settings["healthcheck"])["test"];
            var command = check.Skip(1).Select(word => word.ToString()!).Concat(["-h", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture)]);
            Assert.Equal(0, (await Shell.RunAsync([.. command], Environment("", ""))).ExitCode);
        }
        finally
        {
            broker.Kill();
            await broker.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static IReadOnlyList<string> Script => ["/bin/sh", Repository.PathOf("deploy/mosquitto/start")];

    private Dictionary<string, string> Environment(string user, string password) => new()
    {
        ["MQTT_USERNAME"] = user,
        ["MQTT_PASSWORD"] = password,
        ["XDG_CONFIG_HOME"] = _folder.FullName,
        ["MOSQUITTO_CONFIGURATION"] = Path.Combine(_folder.FullName, "mosquitto.conf"),
    };

    private static Task<Outcome> SubscribeAsync(int port, params string[] login) => Shell.RunAsync(
        ["mosquitto_sub", "-h", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture), "-t", "$SYS/broker/version", "-C", "1", "-W", "5", .. login]);
}
