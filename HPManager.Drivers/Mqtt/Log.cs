using Microsoft.Extensions.Logging;

namespace HPManager.Drivers.Mqtt;

internal static partial class Log
{
    [LoggerMessage(EventId = 7200, Level = LogLevel.Information, Message = "Connected to the MQTT broker {Broker}")]
    public static partial void Connected(ILogger logger, MqttEndpoint broker);

    [LoggerMessage(EventId = 7201, Level = LogLevel.Warning, Message = "No connection to the MQTT broker {Broker}: {Reason} It is tried again")]
    public static partial void Failed(ILogger logger, MqttEndpoint broker, string reason);

    [LoggerMessage(EventId = 7202, Level = LogLevel.Error, Message = "The MQTT client of {Broker} met what it does not know how to deal with; the connection is opened anew")]
    public static partial void Unexpected(ILogger logger, MqttEndpoint broker, Exception exception);
}
