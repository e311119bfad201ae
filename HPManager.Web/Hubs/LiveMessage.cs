using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using HPManager.Core.Live;
using HPManager.Web.Api;

namespace HPManager.Web.Hubs;

/// <summary>A heat pump's state as JSON, written once however many clients it is sent to.</summary>
[JsonConverter(typeof(Converter))]
internal sealed class LiveMessage
{
    private static readonly ConditionalWeakTable<HeatPumpState, LiveMessage> Written = [];
    private static readonly JsonSerializerOptions Options = CreateOptions();
    private readonly byte[] _json;

    private LiveMessage(HeatPumpState state) => _json = JsonSerializer.SerializeToUtf8Bytes(SnapshotContract.Of(state), Options);

    /// <summary>The message for a state; the same for as long as the state is the newest.</summary>
    public static LiveMessage Of(HeatPumpState state) => Written.GetValue(state, static newest => new LiveMessage(newest));

    private static JsonSerializerOptions CreateOptions()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        ApiJson.Configure(options);
        return options;
    }

    private sealed class Converter : JsonConverter<LiveMessage>
    {
        public override LiveMessage Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("Only sent, never received.");

        public override void Write(Utf8JsonWriter writer, LiveMessage value, JsonSerializerOptions options) =>
            writer.WriteRawValue(value._json, skipInputValidation: true);
    }
}
