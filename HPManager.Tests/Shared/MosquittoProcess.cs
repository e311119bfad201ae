using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace HPManager.Tests.Shared;

/// <summary>What a <see cref="MosquittoProcess"/> is like.</summary>
internal sealed record MosquittoSettings
{
    /// <summary>Users with their passwords; nobody gets in without when there are any.</summary>
    public IReadOnlyDictionary<string, string> Users { get; init; } = new Dictionary<string, string>();

    /// <summary>Lines of an access control list; null to allow everything.</summary>
    public string? Access { get; init; }

    /// <summary>Whether it listens with a certificate of its own instead of in the clear.</summary>
    public bool UsesTls { get; init; }

    /// <summary>Further lines of its configuration.</summary>
    public string Lines { get; init; } = "";
}

/// <summary>
/// A Mosquitto broker of its own on a loopback port, with its files in a folder of its own: persistent, so that it keeps sessions over a restart. What it
/// has logged goes into the failure when it does not start.
/// </summary>
internal sealed class MosquittoProcess : IAsyncDisposable
{
    private const string Program = "/usr/sbin/mosquitto";
    private const int SigTerm = 15;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hpmanager-mosquitto-");
    private readonly Queue<string> _log = new();
    private readonly MosquittoSettings _settings;
    private Process? _process;

    private MosquittoProcess(MosquittoSettings settings)
    {
        _settings = settings;
        Port = FreePort.Next();
    }

    public int Port { get; }

    /// <summary>SHA-256 of its certificate; empty without TLS.</summary>
    public string Fingerprint { get; private set; } = "";

    /// <summary>The last lines of its log.</summary>
    public string Log
    {
        get
        {
            lock (_log) return string.Join('\n', _log);
        }
    }

    public static async Task<MosquittoProcess> StartAsync(MosquittoSettings? settings = null)
    {
        var broker = new MosquittoProcess(settings ?? new MosquittoSettings());
        await broker.WriteFilesAsync();
        await broker.StartAgainAsync();
        return broker;
    }

    /// <summary>Ends it as a service manager does, so that it writes its sessions down.</summary>
    public async Task StopAsync()
    {
        if (_process is not { } process) return;
        _process = null;
        using var owned = process;
        _ = Kill(process.Id, SigTerm);
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    /// <summary>Starts it on the same port, with what it has written down.</summary>
    public async Task StartAgainAsync()
    {
        var start = new ProcessStartInfo(Program, ["-c", Path("mosquitto.conf")]) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true };
        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Note(line.Data);
        process.ErrorDataReceived += (_, line) => Note(line.Data);
        Assert.True(process.Start(), $"{Program} did not start");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _process = process;
        using var limit = new CancellationTokenSource(Limit);
        while (!await IsListeningAsync())
        {
            if (process.HasExited) Assert.Fail($"Mosquitto ended with {process.ExitCode}:\n{Log}");
            if (limit.IsCancellationRequested) Assert.Fail($"Mosquitto does not listen on {Port} within {Limit}:\n{Log}");
            await Task.Delay(10, CancellationToken.None);
        }
    }

    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAgainAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Delete(recursive: true);
    }

    private async Task WriteFilesAsync()
    {
        // Of two answers to "who may read this file", root's is the simple one; started by another user, the line has no effect.
        var lines = new List<string>
        {
            "user root", $"persistence true\npersistence_location {_folder.FullName}/", "log_dest stderr", "log_type error\nlog_type warning\nlog_type notice\nlog_type information",
            "max_queued_messages 0", string.Create(CultureInfo.InvariantCulture, $"listener {Port} 127.0.0.1"),
        };
        if (_settings.UsesTls)
        {
            await WriteCertificateAsync();
            lines.Add($"certfile {Path("broker.crt")}\nkeyfile {Path("broker.key")}");
        }

        lines.Add(_settings.Users.Count == 0 ? "allow_anonymous true" : $"allow_anonymous false\npassword_file {Path("users")}");
        if (_settings.Access is not null) lines.Add($"acl_file {Path("access")}");
        lines.Add(_settings.Lines);
        await File.WriteAllLinesAsync(Path("mosquitto.conf"), lines);
        if (_settings.Access is not null) await File.WriteAllTextAsync(Path("access"), _settings.Access);
        if (_settings.Users.Count > 0) await File.WriteAllLinesAsync(Path("users"), _settings.Users.Select(user => $"{user.Key}:{Hash(user.Value)}"));
    }

    private async Task WriteCertificateAsync()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        await File.WriteAllTextAsync(Path("broker.crt"), certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(Path("broker.key"), key.ExportPkcs8PrivateKeyPem());
        Fingerprint = certificate.GetCertHashString(HashAlgorithmName.SHA256);
    }

    private string Path(string name) => System.IO.Path.Combine(_folder.FullName, name);

    private void Note(string? line)
    {
        if (line is null) return;
        lock (_log)
        {
            _log.Enqueue(line);
            if (_log.Count > 60) _log.Dequeue();
        }
    }

    private async Task<bool> IsListeningAsync()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, Port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>The form of mosquitto_passwd: SHA-512 by PBKDF2.</summary>
    private static string Hash(string password)
    {
        const int Rounds = 101;
        var salt = RandomNumberGenerator.GetBytes(12);
        var hash = Rfc2898DeriveBytes.Pbkdf2(password, salt, Rounds, HashAlgorithmName.SHA512, 64);
        return string.Create(CultureInfo.InvariantCulture, $"$7${Rounds}${Convert.ToBase64String(salt)}${Convert.ToBase64String(hash)}");
    }

    [System.Runtime.InteropServices.DllImport("libc", EntryPoint = "kill")]
    [System.Runtime.InteropServices.DefaultDllImportSearchPaths(System.Runtime.InteropServices.DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int pid, int signal);
}
