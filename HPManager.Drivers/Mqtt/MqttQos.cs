namespace HPManager.Drivers.Mqtt;

/// <summary>How sure a message arrives. Exactly once (2) is not supported.</summary>
public enum MqttQos
{
    /// <summary>0: sent once, never acknowledged.</summary>
    AtMostOnce = 0,

    /// <summary>1: repeated after a reconnect until it is acknowledged.</summary>
    AtLeastOnce = 1,
}
