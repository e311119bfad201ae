using System.Globalization;
using HPManager.Drivers.Ebusd.Client;

namespace HPManager.Drivers.Ebusd.Bus;

/// <summary>
/// Has ebusd renew, one message after the other and within the budget, what nobody else on the bus renews. It keeps no value: the next poll finds them in
/// ebusd's memory. It has a connection of its own, so that a slow read neither holds a poll up nor closes its connection.
/// </summary>
internal sealed class BusReader : IAsyncDisposable
{
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(1);

    private readonly EbusdClient _client;
    private readonly BusBudget _budget;
    private readonly ReadPlan _plan;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    public BusReader(EbusdEndpoint endpoint, EbusdLogin login, BusBudget budget, ReadPlan plan, TimeProvider time)
    {
        _client = new EbusdClient(endpoint, time) { Login = login };
        _budget = budget;
        _plan = plan;
        _time = time;
        _running = Task.Run(RunAsync, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _client.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        var rest = Rest;
        try
        {
            while (true)
            {
                var next = _plan.Next(_time.GetUtcNow());
                var wait = next is null ? rest : _budget.Wait();
                if (wait > TimeSpan.Zero)
                {
                    await Task.Delay(wait, _time, _stop.Token);
                    continue;
                }

                if (next is not { } due || !_budget.TryTake()) continue;
                var answer = await _client.AskAsync(
                    string.Create(CultureInfo.InvariantCulture, $"read -m {due.Period.TotalSeconds:0} -c {due.Message.Circuit} {due.Message.Name}"), _stop.Token);
                if (answer.IsAnswered) _plan.NoteRead(due.Message, ReadAnswer.Of(answer).Kind, _time.GetUtcNow());
                else await Task.Delay(rest, _time, _stop.Token);
                rest = answer.IsAnswered ? Rest : TimeSpan.FromTicks(Math.Min((rest * 2).Ticks, LongestRest.Ticks));
            }
        }
        catch (OperationCanceledException)
        {
            // The session is over.
        }
    }
}
