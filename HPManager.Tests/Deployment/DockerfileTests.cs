using System.Runtime.InteropServices;
using System.Text.Json;
using HPManager.Tests.Shared;

namespace HPManager.Tests.Deployment;

/// <summary>The image's recipe. Its steps are run by hand in <c>eng/check-deployment</c>, which takes them from the same file.</summary>
public sealed class DockerfileTests
{
    private readonly IReadOnlyList<(string Instruction, string Words)> _steps = Steps();

    [Fact]
    public void BuildStage_AnyTarget_RunsOnTheBuildersArchitecture()
    {
        var stages = Of("FROM");

        Assert.Equal(2, stages.Count);
        Assert.StartsWith("--platform=$BUILDPLATFORM ", stages[0], StringComparison.Ordinal);
        Assert.EndsWith(" AS build", stages[0], StringComparison.Ordinal);
        Assert.DoesNotContain("--platform", stages[1], StringComparison.Ordinal);
        Assert.All(stages, stage => Assert.Contains(":10.0", stage, StringComparison.Ordinal));
        var publish = Assert.Single(Of("RUN"), step => step.StartsWith("dotnet publish HPManager.Web ", StringComparison.Ordinal));
        Assert.Contains(" -a $TARGETARCH --no-self-contained ", publish, StringComparison.Ordinal);
        Assert.Contains("TARGETARCH", Of("ARG"));
        Assert.Contains("--from=build /app .", Of("COPY"));
    }

    [Fact]
    public void RunStage_Program_IsNotRootAndKeepsItsDataInTheVolume()
    {
        Assert.Equal(["app"], Of("USER"));
        Assert.Equal(["/data"], Of("VOLUME"));
        Assert.Contains("Storage__DataFolder=/data", Assert.Single(Of("ENV")), StringComparison.Ordinal);
        Assert.Contains(_steps, step => step.Instruction == "RUN" && step.Words.Contains("chown app:app /data", StringComparison.Ordinal));
        Assert.Contains(_steps, step => step.Instruction == "RUN" && step.Words.Contains("libsqlite3-0", StringComparison.Ordinal));
    }

    [Fact]
    public void RunStage_Program_IsTheWebProjectAndItsHealthIsAsked()
    {
        var entrypoint = JsonSerializer.Deserialize<string[]>(Assert.Single(Of("ENTRYPOINT")))!;

        Assert.Equal(["dotnet", typeof(Program).Assembly.GetName().Name + ".dll"], entrypoint);
        Assert.Contains("curl -fsS http://localhost:5080/health/live", Assert.Single(Of("HEALTHCHECK")), StringComparison.Ordinal);
        Assert.Equal(["5080"], Of("EXPOSE"));
    }

    [Fact]
    public async Task CheckByHand_Plan_IsWhatTheDockerfileSays()
    {
        var outcome = await Shell.RunAsync([Repository.PathOf("eng/check-deployment"), "--plan"]);

        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        var plan = JsonDocument.Parse(outcome.Output).RootElement;
        var publish = string.Join(' ', plan.GetProperty("publish").EnumerateArray().Select(word => word.GetString()));
        var architecture = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "amd64";
        Assert.Equal(Of("RUN").Single(step => step.StartsWith("dotnet publish", StringComparison.Ordinal)).Replace("$TARGETARCH", architecture, StringComparison.Ordinal), publish);
        Assert.Equal(Of("HEALTHCHECK").Single(), plan.GetProperty("health").GetString());
        var environment = plan.GetProperty("environment").EnumerateObject().ToDictionary(variable => variable.Name, variable => variable.Value.GetString());
        Assert.Equal("/data", environment["Storage__DataFolder"]);
        Assert.All(new ComposeFile().Services["hpmanager"].Environment, variable => Assert.Equal(variable.Value, environment[variable.Key]));
    }

    private List<string> Of(string instruction) => [.. _steps.Where(step => step.Instruction == instruction).Select(step => step.Words)];

    private static List<(string Instruction, string Words)> Steps() =>
    [
        .. File.ReadAllText(Repository.PathOf("Dockerfile")).Replace("\\\n", "", StringComparison.Ordinal).Split('\n')
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split(' ', 2))
            .Select(words => (words[0], words[1].Trim())),
    ];
}
