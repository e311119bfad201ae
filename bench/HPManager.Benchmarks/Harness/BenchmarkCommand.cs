namespace HPManager.Benchmarks.Harness;

/// <summary>One thing this program can do, by its name on the command line.</summary>
/// <param name="Name">First argument, such as <c>modbus-reads</c>.</param>
/// <param name="Summary">One line for the usage text.</param>
/// <param name="RunAsync">Takes the arguments after the name and gives the exit code: 0 when every goal is reached, 1 when one is missed.</param>
internal sealed record BenchmarkCommand(string Name, string Summary, Func<string[], CancellationToken, Task<int>> RunAsync);
