using System.Text.RegularExpressions;
using HPManager.Tests.Shared;

namespace HPManager.Tests.Deployment;

/// <summary>The compose file, as far as it can be checked without a container engine.</summary>
public sealed class ComposeFileTests
{
    private static readonly string[] Secrets = ["INFLUXDB_TOKEN", "INFLUXDB_PASSWORD", "GRAFANA_PASSWORD", "MQTT_PASSWORD"];
    private readonly ComposeFile _untouched = new();

    [Fact]
    public void Services_Profiles_AreWhatCanBeLeftOut()
    {
        var profiles = _untouched.Services.ToDictionary(service => service.Key, service => string.Join(',', service.Value.List("profiles")));

        Assert.Equal(
            new Dictionary<string, string>
            {
                ["hpmanager"] = "",
                ["influxdb"] = "influxdb",
                ["victoriametrics-volume"] = "victoriametrics",
                ["victoriametrics"] = "victoriametrics",
                ["grafana"] = "grafana",
                ["mosquitto"] = "mosquitto",
            },
            profiles);
    }

    [Fact]
    public void Services_EveryOne_IsHardened() => Assert.All(_untouched.Services.Values, service =>
    {
        Assert.Equal("true", service.Text("read_only"));
        Assert.Equal(["ALL"], service.List("cap_drop"));
        Assert.Equal(["no-new-privileges:true"], service.List("security_opt"));
        Assert.False(service.Settings.ContainsKey("privileged"));
        if (service.IsLasting) Assert.Empty(service.List("cap_add"));
        else Assert.Equal("none", service.Text("network_mode"));
    });

    [Fact]
    public void Services_WhatRunsOn_IsNotRootAndHasAHealthCheck() => Assert.All(_untouched.Services.Values.Where(service => service.IsLasting), service =>
    {
        Assert.Equal("unless-stopped", service.Text("restart"));
        Assert.Equal(["/tmp"], service.List("tmpfs"));

        // The image of our own says both itself.
        if (service.Name == "hpmanager") return;
        Assert.Matches("^[1-9][0-9]+:[0-9]+$", service.Text("user"));
        var check = (Dictionary<object, object>)service.Settings["healthcheck"];
        Assert.Equal("CMD", ((List<object>)check["test"])[0]);
        Assert.Equal("30s", check["interval"]);
    });

    [Fact]
    public void Services_EveryImage_HasAVersion()
    {
        Assert.All(
            _untouched.Services.Values.Where(service => service.Name != "hpmanager"), service => Assert.Matches(@"^[a-z/-]+:v?\d+\.\d+\.\d+$", service.Text("image")));
        Assert.Equal(_untouched.Services["victoriametrics"].Text("image"), _untouched.Services["victoriametrics-volume"].Text("image"));
    }

    [Fact]
    public void Services_EveryPort_IsOnLoopbackUnlessTheOwnerSaysOtherwise()
    {
        Assert.All(_untouched.Services.Values.SelectMany(service => service.List("ports")), port => Assert.StartsWith("127.0.0.1:", port, StringComparison.Ordinal));
        Assert.Equal(["192.168.1.4:1883:1883"], new ComposeFile(("MQTT_ADDRESS", "192.168.1.4")).Services["mosquitto"].List("ports"));
    }

    [Fact]
    public void Services_EveryVolume_IsDeclaredOrAFolderOfOursReadOnly() => Assert.All(
        _untouched.Services.Values.SelectMany(service => service.List("volumes")),
        volume =>
        {
            var source = volume.Split(':')[0];
            if (_untouched.Volumes.Contains(source)) return;
            Assert.EndsWith(":ro", volume, StringComparison.Ordinal);
            Assert.True(Directory.Exists(Repository.PathOf(source)), volume);
        });

    [Fact]
    public void HPManager_NoStoreInUse_IsToldOfNone() =>
        Assert.All(_untouched.Services["hpmanager"].Environment, variable => Assert.Equal("", variable.Value));

    [Fact]
    public void HPManager_TokenOfInfluxDb_IsToldWhereItIs()
    {
        var environment = new ComposeFile(("INFLUXDB_TOKEN", "t0ken")).Services["hpmanager"].Environment;

        Assert.Equal("http://influxdb:8086", environment["INFLUXDB_URL"]);
        Assert.Equal("t0ken", environment["INFLUXDB_TOKEN"]);
        Assert.Equal("hpmanager", environment["INFLUXDB_ORG"]);
        Assert.Equal("heatpump", environment["INFLUXDB_BUCKET"]);
        Assert.Equal("", environment["VICTORIAMETRICS_URL"]);
    }

    [Fact]
    public void HPManager_StoresElsewhere_AreToldAsTheyAre()
    {
        var environment = new ComposeFile(
            ("INFLUXDB_URL", "http://nas:8086"), ("INFLUXDB_TOKEN", "t"), ("INFLUXDB_ORG", "thermia"), ("INFLUXDB_BUCKET", "b"),
            ("VICTORIAMETRICS_URL", "http://nas:8428")).Services["hpmanager"].Environment;

        Assert.Equal(["http://nas:8086", "t", "thermia", "b", "http://nas:8428"], environment.Values);
    }

    [Fact]
    public void Secrets_None_HasAValueAnywhere()
    {
        var example = File.ReadAllLines(Repository.PathOf(".env.example"));

        Assert.All(Secrets, secret => Assert.Contains($"{secret}=", example));
        var fallbacks = Secrets.SelectMany(secret => Regex.Matches(_untouched.Text, $@"\$\{{{secret}:?-(?<value>[^}}]*)", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)));
        Assert.All(fallbacks, match => Assert.Equal("", match.Groups["value"].Value));
    }

    [Fact]
    public void Example_Names_AreThoseOfTheComposeFile()
    {
        var offered = File.ReadAllLines(Repository.PathOf(".env.example")).Where(line => line.Contains('=', StringComparison.Ordinal) && line[0] != '#')
            .Select(line => line.Split('=')[0]).Where(name => name != "COMPOSE_PROFILES");

        Assert.All(offered, name => Assert.Contains($"${{{name}:", _untouched.Text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("influxdb", "InfluxDB does not start: set INFLUXDB_TOKEN and INFLUXDB_PASSWORD in .env")]
    [InlineData("victoriametrics", "set VICTORIAMETRICS_URL=http://victoriametrics:8428 in .env")]
    public async Task Entrypoint_SecretIsMissing_SaysWhichAndDoesNotStart(string service, string said)
    {
        var settings = _untouched.Services[service];

        var outcome = await Shell.RunAsync(settings.List("entrypoint"), settings.Environment);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains(said, outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Entrypoint_SecretsOfInfluxDbAreThere_AreHandedToTheImagesOwnStart()
    {
        var settings = new ComposeFile(("INFLUXDB_TOKEN", "t0ken"), ("INFLUXDB_PASSWORD", "pass word")).Services["influxdb"];
        var entrypoint = settings.List("entrypoint").Select(word => word.Replace("exec /entrypoint.sh influxd", "env", StringComparison.Ordinal)).ToList();

        var outcome = await Shell.RunAsync(entrypoint, settings.Environment);

        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains("DOCKER_INFLUXDB_INIT_ADMIN_TOKEN=t0ken\n", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("DOCKER_INFLUXDB_INIT_PASSWORD=pass word\n", outcome.Output, StringComparison.Ordinal);
    }
}
