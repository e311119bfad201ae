using System.Net;
using System.Net.Sockets;
using HPManager.Core.Accounts;
using HPManager.Core.HeatPumps;
using HPManager.Drivers.Simulation.Viessmann;

namespace HPManager.Web.Demo;

/// <summary>Where the demo's cloud is; known before it is there, because the program's settings name it.</summary>
/// <param name="Port">Port on 127.0.0.1.</param>
internal sealed record DemoCloud(int Port)
{
    /// <summary>Used if it is free.</summary>
    public const int UsualPort = 15029;

    private const string Service = "viessmann";

    // Plenty, so that the demo moves every few seconds; the ten minutes' limit holds all the same.
    private const string CallsPerDay = "100000";

    /// <summary>A cloud at the usual port, or at another one that is free now.</summary>
    public static DemoCloud AtFreePort()
    {
        foreach (var port in (int[])[UsualPort, 0])
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return new DemoCloud(((IPEndPoint)socket.LocalEndPoint!).Port);
            }
            catch (SocketException)
            {
                // Taken: a second demo, perhaps.
            }
        }

        return new DemoCloud(UsualPort);
    }

    /// <summary>Signs in as a person would in a browser.</summary>
    /// <returns>The settings of the connection.</returns>
    public static async Task<Settings> SignInAsync(AccountSignIns signIns, CancellationToken cancellationToken)
    {
        var signIn = signIns.Of(Service) ?? throw new InvalidOperationException("There is no sign-in at the demo's cloud.");
        var start = signIn.Begin(new SignInRequest(SimulatedViessmannCloud.ClientId, new Uri("http://localhost/signin/viessmann"), null));
        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        using var page = await browser.GetAsync(new Uri($"{start.Address}&answer=yes"), cancellationToken);
        var account = SignInReturn.TryParse(page.Headers.Location?.AbsoluteUri, out var answer) ? (await signIn.CompleteAsync(answer, cancellationToken)).Account : null;
        return new Settings(
        [
            new(AccountParameters.ClientId, SimulatedViessmannCloud.ClientId),
            new(AccountParameters.Account, account?.Id ?? $"{Service}-1"),
            new(AccountParameters.Device, SimulatedViessmannCloud.Device),
            new("calls_per_day", CallsPerDay),
        ]);
    }
}
