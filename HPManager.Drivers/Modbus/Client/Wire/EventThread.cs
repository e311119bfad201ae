using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace HPManager.Drivers.Modbus.Client.Wire;

/// <summary>
/// The runtime's switch, per socket, that lets what follows a socket operation run on the thread that noticed its end. On Linux
/// the switch exists for all sockets of a process as DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS, which would drag the web
/// server and every HTTP client along; for a single socket the runtime has it without a public name. Where it is missing, the
/// socket works as any other.
/// </summary>
internal static class EventThread
{
    /// <summary>Says whether the runtime has the switch; must come before the socket's first operation.</summary>
    public static bool Prefer(Socket socket)
    {
        try
        {
            SetPreferInlineCompletions(socket.SafeHandle, value: true);
            return true;
        }
        catch (MissingMethodException)
        {
            return false;
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_PreferInlineCompletions")]
    private static extern void SetPreferInlineCompletions(SafeSocketHandle handle, bool value);
}
