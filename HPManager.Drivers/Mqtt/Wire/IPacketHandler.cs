namespace HPManager.Drivers.Mqtt.Wire;

/// <summary>Takes what comes over a connection, one packet after the other.</summary>
internal interface IPacketHandler
{
    /// <summary>Deals with a packet whose head is right. Anything but success closes the connection.</summary>
    /// <param name="first">Type and flags.</param>
    /// <param name="body">Lives until this returns.</param>
    /// <param name="at">When the bytes were read.</param>
    MqttResult Take(byte first, ReadOnlySpan<byte> body, DateTimeOffset at);

    /// <summary>A sign of life is about to be asked for: everything sent before will have been dealt with when it comes.</summary>
    void OnPingSent();

    /// <summary>The sign of life has come.</summary>
    void OnPingAnswered();
}
