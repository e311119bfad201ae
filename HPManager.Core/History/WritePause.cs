namespace HPManager.Core.History;

/// <summary>How long to leave a store alone that fails: one second at first, doubling, at most a minute.</summary>
internal static class WritePause
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>The pause after so many failures in a row, at least 1.</summary>
    public static TimeSpan After(int failures)
    {
        var pause = TimeSpan.FromSeconds(Math.Pow(2, Math.Min(failures - 1, 10)));
        return pause < Longest ? pause : Longest;
    }
}
