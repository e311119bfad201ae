using System.Text.Json;

namespace HPManager.Core.History.Engines;

/// <summary>What an engine answered over HTTP.</summary>
/// <param name="Status">The status, never a redirect.</param>
/// <param name="Body">The body, whole and within the bounds that the caller set; of a refusal its beginning.</param>
/// <param name="Headers">The headers.</param>
internal sealed record EngineAnswer(int Status, ReadOnlyMemory<byte> Body, System.Net.Http.Headers.HttpResponseHeaders Headers)
{
    /// <summary>Whether it is a success.</summary>
    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>A header's first value; null when it is missing.</summary>
    public string? Header(string name) => Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    /// <summary>The body as JSON; null when it is none.</summary>
    public JsonDocument? Json()
    {
        try
        {
            return JsonDocument.Parse(Body);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
