using System.Globalization;

namespace HPManager.Benchmarks.Harness;

/// <summary>Prints the lines of one benchmark and remembers whether a goal was missed.</summary>
internal sealed class Report(string name)
{
    /// <summary>0 when every goal so far is reached, otherwise 1.</summary>
    public int ExitCode { get; private set; }

    /// <summary>The machine, the date and anything else a reader of the figures must know; lines that begin with #.</summary>
    public static void Remark(string text) => Console.WriteLine($"# {text}");

    /// <summary>Ours against a peer where more is better; a figure without a goal is for comparison only.</summary>
    public void AtLeast(string figure, double ours, string peerName, double peer, double? goal = null)
    {
        var ratio = ours / peer;
        Line(figure, Number(ours), $"{Number(peer)} ({peerName})", Ratio(ratio), goal is null ? "-" : $">= {Number(goal.Value)} x", goal is null ? null : ratio >= goal);
    }

    /// <summary>Ours against a peer where less is better; a figure without a goal is for comparison only.</summary>
    public void AtMost(string figure, double ours, string peerName, double peer, double? goal = null)
    {
        var ratio = ours / peer;
        Line(figure, Number(ours), $"{Number(peer)} ({peerName})", Ratio(ratio), goal is null ? "-" : $"<= {Number(goal.Value)} x", goal is null ? null : ratio <= goal);
    }

    /// <summary>A figure of ours alone that must not exceed a limit.</summary>
    public void AtMost(string figure, double ours, double limit) =>
        Line(figure, Number(ours), "-", "-", $"<= {Number(limit)}", ours <= limit);

    /// <summary>A line whose parts the benchmark words itself.</summary>
    public void Line(string figure, string ours, string peer, string ratio, string goal, bool? reached)
    {
        if (reached == false) ExitCode = 1;
        Console.WriteLine($"{name} | {figure} | {ours} | {peer} | {ratio} | {goal} | {reached switch { true => "ok", false => "short", null => "-" }}");
    }

    private static string Ratio(double value) => value.ToString(Math.Abs(value) < 0.1 ? "0.0000" : "0.00", CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString(Math.Abs(value) < 1 ? "0.####" : Math.Abs(value) < 100 ? "0.##" : "0", CultureInfo.InvariantCulture);
}
