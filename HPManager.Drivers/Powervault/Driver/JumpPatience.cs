using HPManager.Core.Sensors;

namespace HPManager.Drivers.Powervault.Driver;

/// <summary>Believes a large step only when it repeats: single messages that jump are those of one module that look like the battery's. Not thread-safe.</summary>
/// <param name="largest">Largest step believed at once, in the sensor's unit.</param>
internal sealed class JumpPatience(double largest)
{
    // After so long a pause the battery may really be elsewhere.
    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(10);
    private double? _doubted;

    /// <summary>What to hold for true after a message.</summary>
    /// <param name="held">What was held before.</param>
    /// <param name="told">What the message tells.</param>
    public Reading Judge(Reading held, Reading told)
    {
        if (told is not { IsGood: true, Value: { } value }) return told;
        var isNear = held is not { IsGood: true, Value: { } before } || told.At - held.At > Forgotten || Math.Abs(value - before) <= largest;
        if (isNear || (_doubted is { } doubted && Math.Abs(value - doubted) <= largest))
        {
            _doubted = null;
            return told;
        }

        _doubted = value;
        return held;
    }
}
