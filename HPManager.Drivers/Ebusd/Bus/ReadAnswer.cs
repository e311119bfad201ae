using HPManager.Drivers.Ebusd.Client;

namespace HPManager.Drivers.Ebusd.Bus;

/// <summary>What came of reading one message.</summary>
internal enum ReadKind
{
    /// <summary>Values.</summary>
    Values,

    /// <summary>The device has the register, and no sensor behind it.</summary>
    Empty,

    /// <summary>The device does not have the register.</summary>
    Unsupported,

    /// <summary>ebusd does not give the message out: access level, a condition, or definitions that are not loaded.</summary>
    NotOffered,

    /// <summary>An overheard message that nobody has said yet.</summary>
    NotHeard,

    /// <summary>The bus or the device failed this time.</summary>
    BusFault,

    /// <summary>ebusd hears nothing on the bus.</summary>
    NoSignal,

    /// <summary>Something else that ebusd refuses.</summary>
    Refused,
}

/// <summary>The answer to the read of one message, sorted. Immutable.</summary>
/// <param name="Kind">What came of it.</param>
/// <param name="Text">The values; what ebusd said where there are none.</param>
internal readonly record struct ReadAnswer(ReadKind Kind, string Text)
{
    private static readonly (string Start, ReadKind Kind)[] Errors =
    [
        ("ERR: element not found in decode", ReadKind.Refused),
        ("ERR: element not found", ReadKind.NotOffered),
        ("ERR: invalid position", ReadKind.Unsupported),
        ("ERR: no data stored", ReadKind.NotHeard),
        ("ERR: read timeout", ReadKind.BusFault),
        ("ERR: arbitration lost", ReadKind.BusFault),
        ("ERR: SYN received", ReadKind.BusFault),
        ("ERR: wrong symbol received", ReadKind.BusFault),
        ("ERR: CRC error", ReadKind.BusFault),
        ("ERR: ACK error", ReadKind.BusFault),
        ("ERR: NAK received", ReadKind.BusFault),
        ("ERR: no signal", ReadKind.NoSignal),
        ("ERR: generic device error", ReadKind.NoSignal),
        ("ERR: send error", ReadKind.NoSignal),
    ];

    /// <summary>Why there is no value, for the owner.</summary>
    public string Reason => Kind switch
    {
        ReadKind.Empty => "no sensor fitted",
        ReadKind.Unsupported => "this heat pump does not have it",
        ReadKind.NotOffered => "ebusd does not give it out: an access level is missing, or a condition does not hold",
        ReadKind.NotHeard => "not heard on the bus yet",
        ReadKind.BusFault => $"no answer on the bus ({Said})",
        ReadKind.NoSignal => $"ebusd has lost the bus ({Said})",
        _ => $"ebusd refused it ({Said})",
    };

    private string Said => Text.Length > 80 ? Text[..80] : Text;

    /// <summary>Sorts an answer.</summary>
    public static ReadAnswer Of(EbusdAnswer answer)
    {
        var text = answer.Text;
        if (text == "empty") return new ReadAnswer(ReadKind.Empty, text);
        if (!answer.IsError) return answer.Lines.Count == 1 ? new ReadAnswer(ReadKind.Values, text) : new ReadAnswer(ReadKind.Refused, "more than one line");
        var kind = Array.Find(Errors, error => text.StartsWith(error.Start, StringComparison.OrdinalIgnoreCase)) is { Start: not null } known ? known.Kind : ReadKind.Refused;
        return new ReadAnswer(kind, text);
    }
}
