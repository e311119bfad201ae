using System.Text;

namespace HPManager.Drivers.Mqtt;

/// <summary>Rules for the names of topics (MQTT 3.1.1, 4.7).</summary>
public static class MqttTopic
{
    /// <summary>Longest topic or filter in bytes of UTF-8.</summary>
    public const int MaxBytes = ushort.MaxValue;

    internal static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>What is wrong with the name of a topic to publish to, in words; null when it is right.</summary>
    public static string? ProblemOf(string topic) =>
        ProblemOfText(topic, "topic") ?? (topic.AsSpan().ContainsAny('+', '#') ? $"The topic \"{topic}\" must not contain the wildcards + and #." : null);

    internal static string? ProblemOfText(string text, string what)
    {
        if (text.Length == 0) return $"The {what} must not be empty.";
        if (text.Contains('\0', StringComparison.Ordinal)) return $"The {what} must not contain the character U+0000.";
        try
        {
            return Utf8.GetByteCount(text) > MaxBytes ? $"The {what} must not be longer than {MaxBytes} bytes." : null;
        }
        catch (EncoderFallbackException)
        {
            return $"The {what} contains half of a surrogate pair, which is no character.";
        }
    }

    /// <summary>Whether bytes from the wire are the name of a topic that a broker may send.</summary>
    internal static bool IsProper(ReadOnlySpan<byte> utf8) => !utf8.IsEmpty && !utf8.ContainsAny((byte)'+', (byte)'#', (byte)0) && System.Text.Unicode.Utf8.IsValid(utf8);
}
