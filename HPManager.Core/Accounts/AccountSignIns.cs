using HPManager.Core.Manufacturers;

namespace HPManager.Core.Accounts;

/// <summary>
/// The sign-ins of all clouds, and who waits for one to end: the page that began it lives in another tab than the one that the cloud sends back. Thread-safe.
/// </summary>
public sealed class AccountSignIns(IEnumerable<IAccountSignIn> services, TimeProvider time)
{
    /// <summary>How long a result can be asked for again.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromMinutes(15);

    // Anybody may open the address that the browser comes back to, with tickets that were never given.
    private const int MostRemembered = 200;

    private readonly Dictionary<string, IAccountSignIn> _services = services.ToDictionary(service => service.Service);
    private readonly Dictionary<string, (SignInResult Result, DateTimeOffset At)> _results = [];
    private readonly Dictionary<string, Task<SignInResult>> _running = [];
    private readonly Dictionary<string, List<Action<SignInResult>>> _watchers = [];
    private readonly Lock _gate = new();

    /// <summary>The sign-in of a cloud; null when no driver has one.</summary>
    public IAccountSignIn? Of(string service) => _services.GetValueOrDefault(service);

    /// <summary>
    /// Ends a sign-in and tells whoever waits for it. The same address opened again, by a reload, gives the same result and asks the cloud nothing.
    /// </summary>
    /// <returns>null when there is no such cloud.</returns>
    public async Task<SignInResult?> CompleteAsync(string service, SignInReturn answer, CancellationToken cancellationToken)
    {
        if (Of(service) is not { } signIn) return null;
        Task<SignInResult> running;
        lock (_gate)
        {
            Forget();
            if (_results.TryGetValue(answer.Ticket, out var known)) return known.Result;
            if (!_running.TryGetValue(answer.Ticket, out running!))
            {
                // A code can be exchanged once: the exchange goes on when the browser leaves.
                running = Task.Run(() => EndAsync(signIn, answer), CancellationToken.None);
                _running[answer.Ticket] = running;
            }
        }

        return await running.WaitAsync(cancellationToken);
    }

    /// <summary>How a sign-in ended; null when it has not yet, or too long ago.</summary>
    public SignInResult? ResultOf(string ticket)
    {
        lock (_gate)
        {
            Forget();
            return _results.TryGetValue(ticket, out var known) ? known.Result : null;
        }
    }

    /// <summary>Asks to be told when a sign-in ends; at most once.</summary>
    /// <param name="ticket">The sign-in.</param>
    /// <param name="ended">Called on any thread; must not throw.</param>
    /// <returns>Dispose to end.</returns>
    public IDisposable Watch(string ticket, Action<SignInResult> ended)
    {
        lock (_gate)
        {
            if (!_watchers.TryGetValue(ticket, out var all)) _watchers[ticket] = all = [];
            all.Add(ended);
        }

        return new Watching(this, ticket, ended);
    }

    private async Task<SignInResult> EndAsync(IAccountSignIn signIn, SignInReturn answer)
    {
        SignInResult result;
        try
        {
            result = await signIn.CompleteAsync(answer, CancellationToken.None);
        }
        catch (Exception fault) when (fault is IOException or System.Data.Common.DbException)
        {
            result = new SignInResult(null, new Failure(FailureCause.Misconfigured, "The sign-in cannot be kept now; the disk may be full.", "HPManager's log says why. Sign in again when it is mended."));
        }

        List<Action<SignInResult>>? watchers;
        lock (_gate)
        {
            _running.Remove(answer.Ticket);

            if (_results.Count < MostRemembered) _results[answer.Ticket] = (result, time.GetUtcNow());
            _watchers.Remove(answer.Ticket, out watchers);
        }

        foreach (var ended in watchers ?? []) ended(result);
        return result;
    }

    private void Forget()
    {
        var limit = time.GetUtcNow() - Remembered;
        foreach (var ticket in _results.Where(pair => pair.Value.At < limit).Select(pair => pair.Key).ToList()) _results.Remove(ticket);
    }

    private sealed class Watching(AccountSignIns owner, string ticket, Action<SignInResult> ended) : IDisposable
    {
        public void Dispose()
        {
            lock (owner._gate)
            {
                if (!owner._watchers.TryGetValue(ticket, out var all)) return;
                all.Remove(ended);
                if (all.Count == 0) owner._watchers.Remove(ticket);
            }
        }
    }
}
