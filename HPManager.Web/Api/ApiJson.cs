using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using HPManager.Core.Text;

namespace HPManager.Web.Api;

/// <summary>How JSON is written and read at the edge, by REST and the hub alike: camel case members, snake case words, nothing lenient.</summary>
internal static class ApiJson
{
    public static void Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.PropertyNameCaseInsensitive = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.AllowDuplicateProperties = false;
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;

        // °C and umlauts as they are; what could end a script or a tag stays escaped.
        options.Encoder = JavaScriptEncoder.Create(UnicodeRanges.All);
        options.Converters.Add(new SnakeCaseEnumConverter<DayOfWeek>());
        options.Converters.Add(new NumbersConverter());
    }
}
