using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using HPManager.Drivers.Sockets;

namespace HPManager.Drivers.Mqtt.Wire;

/// <summary>Opens the stream to a broker, encrypted if the endpoint says so.</summary>
internal static class Transport
{
    /// <summary>A failure is a result; cancellation throws.</summary>
    /// <param name="endpoint">The broker.</param>
    /// <param name="limit">For name, connecting and TLS together.</param>
    /// <param name="time">Clock of the limit.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public static async Task<(Stream? Stream, MqttResult Result)> OpenAsync(
        MqttEndpoint endpoint, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        using var connect = new TcpConnect(endpoint.Host, endpoint.Port, limit, time);
        var outcome = await connect.OpenAsync(cancellationToken);
        if (outcome.Socket is not { } socket) return (null, new MqttResult(FaultOf(outcome.Fault), outcome.Detail));
        var plain = new NetworkStream(socket, ownsSocket: true);
        return endpoint.UsesTls ? await EncryptAsync(plain, endpoint, limit - time.GetElapsedTime(started), time, cancellationToken) : (plain, default);
    }

    private static async Task<(Stream? Stream, MqttResult Result)> EncryptAsync(
        NetworkStream plain, MqttEndpoint endpoint, TimeSpan left, TimeProvider time, CancellationToken cancellationToken)
    {
        var distrust = "";
        var encrypted = new SslStream(plain, leaveInnerStreamOpen: false);
        using var limited = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.FromTicks(1), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limited.Token, cancellationToken);
        try
        {
            await encrypted.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = endpoint.Host,
                    RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
                        (distrust = DistrustOf(endpoint, certificate, chain, errors)).Length == 0,
                },
                either.Token);
            var stream = encrypted;
            encrypted = null;
            return (stream, default);
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return (null, new MqttResult(MqttFault.TlsFailed, "no agreement on encryption in time"));
        }
        catch (Exception) when (distrust.Length > 0)
        {
            return (null, new MqttResult(MqttFault.CertificateNotTrusted, distrust));
        }
        catch (Exception e) when (e is AuthenticationException or IOException or SocketException)
        {
            return (null, new MqttResult(MqttFault.TlsFailed, (e.InnerException ?? e).Message.TrimEnd('.')));
        }
        finally
        {
            if (encrypted is not null) await encrypted.DisposeAsync();
        }
    }

    /// <summary>Why a certificate is not trusted; empty when it is.</summary>
    private static string DistrustOf(MqttEndpoint endpoint, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null) return "the broker shows none";
        var fingerprint = Convert.ToHexString(SHA256.HashData(certificate.GetRawCertData()));
        if (endpoint.CertificateFingerprint is { } pinned)
            return pinned == fingerprint ? "" : $"its SHA-256 fingerprint is {fingerprint}, trusted is {pinned}";
        if (errors == SslPolicyErrors.None) return "";
        var reasons = new List<string>();
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)) reasons.Add($"it is not made out to {endpoint.Host}");
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors)) reasons.Add(ChainProblem(chain));
        return $"{string.Join(" and ", reasons)} (SHA-256 fingerprint {fingerprint})";
    }

    private static string ChainProblem(X509Chain? chain)
    {
        var status = (chain?.ChainStatus ?? []).Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status);
        if (status.HasFlag(X509ChainStatusFlags.NotTimeValid)) return "it has expired or is not valid yet";
        if (status.HasFlag(X509ChainStatusFlags.Revoked)) return "it was revoked";
        if (status.HasFlag(X509ChainStatusFlags.UntrustedRoot)) return "its issuer is not known to this system";
        return status.HasFlag(X509ChainStatusFlags.PartialChain) ? "its issuer is not known to this system" : $"its chain is not valid ({status})";
    }

    private static MqttFault FaultOf(ConnectFault fault) => fault switch
    {
        ConnectFault.NameNotFound => MqttFault.NameNotFound,
        ConnectFault.Refused => MqttFault.ConnectionRefused,
        ConnectFault.TimedOut => MqttFault.ConnectTimeout,
        ConnectFault.Lost => MqttFault.ConnectionLost,
        _ => MqttFault.HostUnreachable,
    };
}
