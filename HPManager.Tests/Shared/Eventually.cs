using System.Runtime.CompilerServices;

namespace HPManager.Tests.Shared;

/// <summary>Awaits a condition with a limit, for what a real server or thread brings about.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    public static Task IsTrue(Func<bool> condition, TimeSpan? within = null, [CallerArgumentExpression(nameof(condition))] string what = "") =>
        IsTrue(() => Task.FromResult(condition()), within, what);

    public static async Task IsTrue(
        Func<Task<bool>> condition, TimeSpan? within = null, [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        var limit = within ?? Limit;
        using var expired = new CancellationTokenSource(limit);
        while (!await condition())
        {
            if (expired.IsCancellationRequested) Assert.Fail($"Not within {limit}: {what}");
            await Task.Delay(10, CancellationToken.None);
        }
    }
}
