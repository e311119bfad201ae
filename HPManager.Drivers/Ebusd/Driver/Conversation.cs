using System.Globalization;
using HPManager.Drivers.Ebusd.Bus;
using HPManager.Drivers.Ebusd.Client;
using HPManager.Drivers.Ebusd.Inventory;

namespace HPManager.Drivers.Ebusd.Driver;

/// <summary>
/// What one plant is asked, over the connection of its endpoint. A question to which a kept connection turns out to be closed is asked once more over a new
/// one; a write never is.
/// </summary>
internal sealed class Conversation(EbusdClient client, EbusdLogin login)
{
    // The longest age that ebusd accepts: whatever it has is taken from its memory, and nothing is sent on the bus.
    private const int LongestAge = 86_400;

    /// <summary>Asks a question that changes nothing.</summary>
    public async ValueTask<EbusdAnswer> AskAsync(string command, CancellationToken cancellationToken)
    {
        client.Login = login;
        var wasConnected = client.IsConnected;
        var answer = await client.AskAsync(command, cancellationToken);
        var isWorthAnother = wasConnected && answer is { Fault: EbusdFault.ConnectionLost or EbusdFault.Surplus, HasAnswered: true };

        // It has answered before, so that whatever it does now, it is no stranger.
        return isWorthAnother ? (await client.AskAsync(command, cancellationToken)) with { HasAnswered = true } : answer;
    }

    /// <summary>Reads what ebusd has of a message, as numbers instead of words.</summary>
    public ValueTask<EbusdAnswer> ReadStoredAsync(MessageOffer message, CancellationToken cancellationToken) => message.IsPassive
        ? AskAsync($"read -n -c {message.Circuit} {message.Name}", cancellationToken)
        : AskAsync(string.Create(CultureInfo.InvariantCulture, $"read -n -m {LongestAge} -c {message.Circuit} {message.Name}"), cancellationToken);

    /// <summary>Reads a message from the bus; one that is only overheard, from what was heard.</summary>
    public ValueTask<EbusdAnswer> ReadBusAsync(MessageOffer message, CancellationToken cancellationToken) =>
        message.IsPassive ? ReadStoredAsync(message, cancellationToken) : AskAsync($"read -n -f -c {message.Circuit} {message.Name}", cancellationToken);

    /// <summary>Writes a value, once.</summary>
    public ValueTask<EbusdAnswer> WriteAsync(MessageOffer message, double value, CancellationToken cancellationToken)
    {
        client.Login = login;
        return client.AskAsync(string.Create(CultureInfo.InvariantCulture, $"write -c {message.Circuit} {message.Name} {value:0.######}"), cancellationToken);
    }

    /// <summary>Whether what ebusd has of a message can be read without it asking the bus.</summary>
    public static bool IsStored(TimeSpan age) => age < TimeSpan.FromSeconds(LongestAge) - ReadPlan.PeriodOf(Tables.ReadGroup.Counter);
}
