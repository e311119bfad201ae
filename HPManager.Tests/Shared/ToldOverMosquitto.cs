using System.Diagnostics;
using System.Globalization;

namespace HPManager.Tests.Shared;

/// <summary>Messages published to a broker again and again by Mosquitto's own client, as a device does; ended by its process id.</summary>
internal sealed class ToldOverMosquitto : IAsyncDisposable
{
    private readonly Process _process;

    private ToldOverMosquitto(Process process) => _process = process;

    /// <param name="port">The broker's.</param>
    /// <param name="messages">Topics and payloads.</param>
    public static ToldOverMosquitto Start(int port, params (string Topic, string Payload)[] messages) => Start(port, "", messages);

    /// <param name="port">The broker's.</param>
    /// <param name="options">Further options of the client.</param>
    /// <param name="messages">Topics and payloads.</param>
    public static ToldOverMosquitto Start(int port, string options, params (string Topic, string Payload)[] messages)
    {
        var publishing = messages.Select(message =>
            $"mosquitto_pub -h 127.0.0.1 -p {port.ToString(CultureInfo.InvariantCulture)} {options} -t '{message.Topic}' -m '{message.Payload}' 2>/dev/null");
        var script = $"while :; do {string.Join("; ", publishing)}; sleep 0.3; done";
        return new ToldOverMosquitto(Process.Start(new ProcessStartInfo("/bin/sh", ["-c", script]) { UseShellExecute = false })!);
    }

    public async ValueTask DisposeAsync()
    {
        using var process = _process;
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
    }
}
