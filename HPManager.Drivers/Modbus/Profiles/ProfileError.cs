namespace HPManager.Drivers.Modbus.Profiles;

/// <summary>Why a profile was not loaded.</summary>
/// <param name="File">The file, as <c>make/model/registers.csv</c>.</param>
/// <param name="Line">The line, from 1; 0 when it is about the file as a whole.</param>
/// <param name="Message">What is wrong and what is allowed, in words an owner can act on.</param>
public sealed record ProfileError(string File, int Line, string Message)
{
    /// <summary>The column of <c>registers.csv</c> that is wrong; null when it is not one column.</summary>
    public string? Column { get; init; }

    /// <summary>The message without the name of the column, for a place that stands beside the field itself.</summary>
    public string Reason => Column is { } column && Message.StartsWith($"{column}: ", StringComparison.Ordinal)
        ? char.ToUpperInvariant(Message[column.Length + 2]) + Message[(column.Length + 3)..]
        : Message;

    /// <inheritdoc/>
    public override string ToString() => Line > 0 ? $"{File}:{Line}: {Message}" : $"{File}: {Message}";
}

/// <summary>Ends the reading of one file inside of the reader, which turns it into its <see cref="ProfileError"/>.</summary>
internal sealed class ProfileFormatException(int line, string message, string? column = null) : Exception(message)
{
    /// <summary>The column of the register table that is wrong; null when it is not one column.</summary>
    public string? Column => column;

    /// <summary>The line, from 1; 0 for the file as a whole.</summary>
    public int Line { get; } = line;
}
