using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using HPManager.Core.Manufacturers;
using HPManager.Drivers.Viessmann.Client;
using HPManager.Tests.Shared;
using Microsoft.AspNetCore.Http;

namespace HPManager.Tests.Drivers.Viessmann;

/// <summary>Everything that goes wrong between here and the cloud, named as what a person can act on.</summary>
public sealed class ViessmannCauseTests : IAsyncLifetime
{
    private FakeCloud _cloud = null!;
    private ViessmannSite _site = null!;

    public async Task InitializeAsync()
    {
        _cloud = await FakeCloud.StartAsync();
        _cloud.TellNumber("heating.sensors.temperature.outside", -3.4);
        _site = new ViessmannSite(_cloud);
    }

    public async Task DisposeAsync()
    {
        await _site.DisposeAsync();
        await _cloud.DisposeAsync();
    }

    [Theory]
    [InlineData(400, """{"viErrorId":"req-test-2","statusCode":400,"errorType":"DEVICE_COMMUNICATION_ERROR","message":"","extendedPayload":{"httpStatusCode":"NotFound","code":"404","reason":"GATEWAY_OFFLINE"}}""", FailureCause.DeviceOffline, "The gateway of the heat pump is offline")]
    [InlineData(502, """{"viErrorId":"req-test-2","statusCode":502,"errorType":"DEVICE_COMMUNICATION_ERROR","message":"","extendedPayload":{"code":404,"reason":"GATEWAY_OFFLINE"}}""", FailureCause.DeviceOffline, "The gateway of the heat pump is offline")]
    [InlineData(400, """{"viErrorId":"r","statusCode":400,"errorType":"DEVICE_COMMUNICATION_ERROR","message":"","extendedPayload":{"httpStatusCode":"NotFound","code":"404","reason":"DEVICE_OFFLINE"}}""", FailureCause.DeviceOffline, "does not answer its gateway")]
    [InlineData(502, """{"viErrorId":"r","statusCode":502,"errorType":"DEVICE_COMMUNICATION_ERROR","message":"","extendedPayload":{"reason":"INTERNAL_SERVER_ERROR"}}""", FailureCause.ServiceDown, "does not get through")]
    [InlineData(500, """{"viErrorId":"r","statusCode":500,"errorType":"INTERNAL_ERROR","message":"oops"}""", FailureCause.ServiceDown, "cloud is down")]
    [InlineData(402, """{"viErrorId":"r","statusCode":402,"errorType":"PACKAGE_NOT_PAID_FOR","message":"","extendedPayload":{"monetization":"Advanced package needed."}}""", FailureCause.AccessDenied, "plan at Viessmann does not include this: 402 PACKAGE_NOT_PAID_FOR Advanced package needed.")]
    [InlineData(403, """{"viErrorId":"r","statusCode":403,"errorType":"FORBIDDEN","message":"not yours"}""", FailureCause.AccessDenied, "not yours")]
    [InlineData(404, """{"viErrorId":"r","statusCode":404,"errorType":"GATEWAY_NOT_FOUND","message":"gone"}""", FailureCause.Refused, "gone")]
    [InlineData(200, """{"viErrorId":"r","statusCode":500,"errorType":"INTERNAL_ERROR","message":""}""", FailureCause.ServiceDown, "cloud is down")]
    [InlineData(418, """{"odd":1}""", FailureCause.Refused, "418")]
    public async Task Poll_ErrorOfTheCloud_IsToldApart(int status, string body, FailureCause cause, string words)
    {
        _cloud.AnswerData(status, body);

        var failure = await _site.FailAsync();

        Assert.True(cause == failure.Cause, failure.ToString());
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(502, FailureCause.ServiceDown)]
    [InlineData(503, FailureCause.ServiceDown)]
    [InlineData(402, FailureCause.AccessDenied)]
    [InlineData(200, FailureCause.OtherProtocol)]
    public async Task Poll_PageInsteadOfData_IsToldByItsStatus(int status, FailureCause cause)
    {
        _cloud.AnswerData(status, "<html><body>Bad gateway</body></html>", "text/html");

        Assert.Equal(cause, (await _site.FailAsync()).Cause);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("{\"data\":{}}")]
    [InlineData("{\"data\":[")]
    [InlineData("{\"data\":[],\"data\":[]}")]
    [InlineData("{\"data\":[{\"feature\":\"a\",\"properties\":{\"\\ud800\":{}}}]}")]
    [InlineData("{\"data\":[{\"feature\":\"a\",\"feature\":\"b\"}]}")]
    public async Task Poll_NotTheJsonThatIsExpected_CostsThatPollOnly(string body)
    {
        _cloud.AnswerData(200, body);
        Assert.Contains((await _site.FailAsync()).Cause, new[] { FailureCause.BadAnswer, FailureCause.WrongUnit });
        _cloud.Script = null;
        _site.NextSlot();

        Assert.Equal(-3.4, (await _site.ReadingAsync("outside_temp")).Value);
    }

    [Fact]
    public async Task Poll_EntriesOfWrongTypes_LeavesTheOthersAsTheyAre()
    {
        var good = _cloud.Features.Values.Single();
        string[] bad =
        [
            "null", "7", "[]", "{}", "\"x\"", """{"feature":7}""", """{"feature":"heating.sensors.temperature.return","deviceId":"0","timestamp":5,"properties":[]}""",
            """{"feature":"heating.boiler.temperature.current","deviceId":"0","timestamp":"2026-01-15T12:00:00Z","isEnabled":"yes","properties":{"value":7},"commands":null}""",
            """{"feature":"heating.circuits","deviceId":"0","timestamp":"2026-01-15T12:00:00Z","isEnabled":true,"properties":{"enabled":{"value":[0,null,"-1","99999999999"]}}}""",
            """{"feature":"heating.dhw.sensors.temperature.outlet","deviceId":"0","timestamp":"2026-01-15T12:00:00Z","isEnabled":true,"properties":{"status":{"value":"\udc00"}}}""",
        ];
        _cloud.AnswerData(200, $$"""{"data":[{{string.Join(',', bad)}},{{good}}]}""");

        Assert.Equal(-3.4, (await _site.ReadingAsync("outside_temp")).Value);
    }

    [Fact]
    public async Task Poll_DamagedUtf8_IsABadAnswer()
    {
        _cloud.Script = async (context, request) =>
        {
            if (!request.Path.StartsWith("/iot/", StringComparison.Ordinal)) return false;
            context.Response.ContentType = "application/json";
            await context.Response.Body.WriteAsync(Encoding.Latin1.GetBytes("{\"data\":[{\"feature\":\"k\u00fche\"}]}"), context.RequestAborted);
            return true;
        };

        Assert.Contains("damaged UTF-8", (await _site.FailAsync()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Poll_TokenThatEndsMeanwhile_IsRenewedOnceAndTheCallRepeated()
    {
        await _site.PollAsync();
        _cloud.Access.Clear();
        _site.NextSlot();

        await _site.PollAsync();

        Assert.Equal(2, _cloud.Exchanges);
        Assert.Equal(["Bearer AT1", "Bearer AT1", "Bearer AT2"], _cloud.ApiRequests.Select(request => request.Authorization));
        Assert.Equal("RT2", _site.Store.Refresh("viessmann-1"));
    }

    [Fact]
    public async Task Poll_CloudThatRefusesEveryToken_StopsAfterOneRenewal()
    {
        _cloud.AnswerData(401, """{"error":"EXPIRED TOKEN"}""");

        Assert.Equal(FailureCause.AccessDenied, (await _site.FailAsync()).Cause);
        Assert.Equal((2, 2), (_cloud.Exchanges, _cloud.ApiRequests.Count()));
    }

    [Fact]
    public async Task Poll_TokenAboutToEnd_IsRenewedBefore()
    {
        await _site.PollAsync();
        _site.Time.Advance(TimeSpan.FromMinutes(59));

        await _site.PollAsync();

        Assert.Equal(["Bearer AT1", "Bearer AT2"], _cloud.ApiRequests.Select(request => request.Authorization));
    }

    [Fact]
    public async Task Renewal_WithoutANewRefreshToken_KeepsTheOldOne()
    {
        _cloud.Rotates = false;
        await _site.PollAsync();
        _site.Time.Advance(TimeSpan.FromHours(2));

        await _site.PollAsync();

        Assert.Equal(FakeCloud.FirstRefresh, _site.Store.Refresh("viessmann-1"));
    }

    [Fact]
    public async Task Renewal_ManyAskAtOnce_IsMadeOnce()
    {
        var calls = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _site.SignIn.DevicesAsync("viessmann-1", default)));

        Assert.All(calls, call => Assert.Null(call.Failure));
        Assert.Equal(1, _cloud.Exchanges);
    }

    [Fact]
    public async Task Renewal_CallerThatLeaves_DoesNotLoseTheNewToken()
    {
        var hold = new TaskCompletionSource();
        var asked = new TaskCompletionSource();
        _cloud.Script = async (_, request) =>
        {
            if (request.Path != "/idp/v3/token") return false;
            asked.TrySetResult();
            await hold.Task;
            return false;
        };
        using var leaving = new CancellationTokenSource();
        var poll = _site.Device.PollAsync(_site.Time.GetUtcNow(), leaving.Token).AsTask();
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(10), CancellationToken.None);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => poll);
        hold.SetResult();

        await Eventually.IsTrue(() => _site.Store.Refresh("viessmann-1") == "RT1");
        await _site.PollAsync();
        Assert.Equal(1, _cloud.Exchanges);
    }

    [Fact]
    public async Task Renewal_DiskIsFull_GoesOnFromMemoryAndIsKeptLater()
    {
        _site.Store.IsFull = true;
        await _site.PollAsync();
        Assert.Equal(FakeCloud.FirstRefresh, _site.Store.Refresh("viessmann-1"));
        _site.Store.IsFull = false;
        _site.Time.Advance(TimeSpan.FromHours(2));

        await _site.PollAsync();

        Assert.Equal("RT2", _site.Store.Refresh("viessmann-1"));
    }

    [Fact]
    public async Task Renewal_Refused_IsSignedOutUntilTheOwnerSignsInAgain()
    {
        _cloud.Refresh.Clear();

        var failure = await _site.FailAsync();
        Assert.Equal(FailureCause.SignedOut, failure.Cause);
        Assert.Contains("Sign in again in the heat pump's settings", failure.Hint, StringComparison.Ordinal);
        Assert.Null(_site.Store.Accounts["viessmann-1"].Secret);
        _site.NextSlot();
        await _site.FailAsync();
        Assert.Equal((1, 0), (_cloud.Exchanges, _cloud.ApiRequests.Count()));

        _cloud.Refresh["RT50"] = true;
        _site.Account.SignedIn(FakeCloud.Client, new("AT0", TimeSpan.FromHours(1), "RT50"));
        Assert.Equal(-3.4, (await _site.ReadingAsync("outside_temp")).Value);
    }

    [Fact]
    public async Task Renewal_CloudIsDown_DoesNotSignOut()
    {
        _cloud.Script = async (context, request) =>
        {
            if (request.Path != "/idp/v3/token") return false;
            context.Response.StatusCode = 503;
            context.Response.ContentType = "text/html";
            await context.Response.WriteAsync("<html>maintenance</html>", context.RequestAborted);
            return true;
        };

        Assert.Equal(FailureCause.ServiceDown, (await _site.FailAsync()).Cause);
        Assert.Equal(FakeCloud.FirstRefresh, _site.Store.Refresh("viessmann-1"));
        _cloud.Script = null;
        await _site.PollAsync();
    }

    [Fact]
    public async Task KeyOfTheSecretsGone_IsSignedOut()
    {
        _site.Store.HasLostItsKey = true;

        Assert.Equal(FailureCause.SignedOut, (await _site.FailAsync()).Cause);
        Assert.Empty(_cloud.Requests);
    }

    [Fact]
    public async Task Limit_Reached_IsObeyedUntilItsMomentAndSaidInWords()
    {
        await _site.PollAsync();
        var reset = new DateTimeOffset(2026, 1, 16, 0, 0, 3, 500, TimeSpan.Zero);
        _cloud.AnswerData(429, $$$"""
            {"viErrorId":"req-test-1","statusCode":429,"errorType":"RATE_LIMIT_EXCEEDED","message":"limit",
             "extendedPayload":{"name":"test day limit","requestCountLimit":1450,"clientId":"c","userId":"u","limitReset":{{{reset.ToUnixTimeMilliseconds()}}}}}
            """);
        _site.NextSlot();
        var failure = await _site.FailAsync();
        Assert.Equal(FailureCause.LimitReached, failure.Cause);
        Assert.Contains("until 2026-01-16 00:00:03 UTC (test day limit)", failure.Message, StringComparison.Ordinal);
        Assert.Contains("another program", failure.Hint, StringComparison.Ordinal);
        _cloud.Script = null;
        var before = _cloud.ApiRequests.Count();

        // A restart does not forget it.
        await using var restarted = new ViessmannSite(_cloud, _site);
        restarted.Time.Advance(TimeSpan.FromHours(6));
        Assert.Equal(FailureCause.LimitReached, (await restarted.FailAsync()).Cause);
        Assert.Equal(before, _cloud.ApiRequests.Count());
        restarted.Time.Advance(reset - restarted.Time.GetUtcNow());
        await restarted.PollAsync();
        Assert.Equal(before + 1, _cloud.ApiRequests.Count());
    }

    [Fact]
    public async Task CloudThatIsDown_IsNotAskedMoreOftenThanTheBudgetAllows()
    {
        _cloud.AnswerData(500, "<html></html>", "text/html");
        await _site.FailAsync();
        for (var second = 0; second < 60; second++)
        {
            _site.Time.Advance(TimeSpan.FromSeconds(1));
            await _site.FailAsync();
        }

        Assert.Single(_cloud.ApiRequests);
    }

    [Fact]
    public async Task RedirectToAnotherHost_IsRefusedAndTheTokenDoesNotTravel()
    {
        await using var elsewhere = await FakeCloud.StartAsync();
        _cloud.Script = (context, request) =>
        {
            if (!request.Path.StartsWith("/iot/", StringComparison.Ordinal)) return Task.FromResult(false);
            context.Response.Redirect(new Uri(elsewhere.Address, request.Path).AbsoluteUri.Replace("127.0.0.1", "localhost", StringComparison.Ordinal));
            return Task.FromResult(true);
        };

        var failure = await _site.FailAsync();

        Assert.Equal(FailureCause.BadAnswer, failure.Cause);
        Assert.Contains("localhost", failure.Message, StringComparison.Ordinal);
        Assert.Empty(elsewhere.Requests);
    }

    [Fact]
    public async Task CertificateThatNobodyVouchesFor_IsNotTrustedAndNothingIsSent()
    {
        using var certificate = SelfSigned();
        await using var secure = await FakeCloud.StartAsync(certificate);
        await using var site = new ViessmannSite(secure);

        var failure = await site.FailAsync();

        Assert.Equal(FailureCause.NotTrusted, failure.Cause);
        Assert.Contains("certificate is not one to trust", failure.Message, StringComparison.Ordinal);
        Assert.Empty(secure.Requests);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AnswerOfAGigabyte_IsLeftAfterSixteenMegabytes(bool saysItsLength)
    {
        const long Gigabyte = 1024 * 1024 * 1024;
        _cloud.Script = async (context, request) =>
        {
            if (!request.Path.StartsWith("/iot/", StringComparison.Ordinal)) return false;
            context.Response.ContentType = "application/json";
            if (saysItsLength) context.Response.ContentLength = Gigabyte;
            var block = new byte[64 * 1024];
            Array.Fill(block, (byte)' ');
            try
            {
                for (long sent = 0; sent < Gigabyte && !context.RequestAborted.IsCancellationRequested; sent += block.Length) await context.Response.Body.WriteAsync(block, context.RequestAborted);
            }
            catch (OperationCanceledException)
            {
                // The client had enough.
            }

            return true;
        };

        var failure = await _site.FailAsync();

        Assert.Contains("more than 16 MB", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CompressedAnswer_IsBoundedByWhatItUnpacksTo()
    {
        using var packed = new MemoryStream();
        await using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.SmallestSize, leaveOpen: true))
        {
            var block = new byte[1024 * 1024];
            Array.Fill(block, (byte)' ');
            for (var i = 0; i < 64; i++) await gzip.WriteAsync(block);
        }

        _cloud.Script = async (context, request) =>
        {
            if (!request.Path.StartsWith("/iot/", StringComparison.Ordinal)) return false;
            context.Response.ContentType = "application/json";
            context.Response.Headers.ContentEncoding = "gzip";
            await context.Response.Body.WriteAsync(packed.ToArray(), context.RequestAborted);
            return true;
        };

        Assert.Contains("more than 16 MB", (await _site.FailAsync()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnswerThatNeverEnds_IsLeftAfterTheLimit()
    {
        await using var site = new ViessmannSite(_cloud, time: new HurriedTime(20));
        _cloud.Script = async (context, request) =>
        {
            if (!request.Path.StartsWith("/iot/", StringComparison.Ordinal)) return false;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync("{", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return true;
        };

        Assert.Equal(FailureCause.NoAnswer, (await site.FailAsync()).Cause);
    }

    [Fact]
    public async Task NobodyListens_IsUnreachable()
    {
        await using var site = new ViessmannSite(new ViessmannOptions { ApiBase = "http://127.0.0.1:1/iot/v2", TokenAddress = "http://127.0.0.1:1/token", AuthoriseAddress = "http://127.0.0.1:1/a" });

        Assert.Equal(FailureCause.HostUnreachable, (await site.FailAsync()).Cause);
    }

    [Theory]
    [InlineData("http://api.example.org/iot/v2")]
    [InlineData("ftp://127.0.0.1/")]
    [InlineData("https://user:secret@api.example.org/")]
    [InlineData("https://api.example.org/?a=b")]
    [InlineData("nonsense")]
    [InlineData("")]
    public void Options_AddressThatATokenMustNotGoTo_IsNamed(string address)
    {
        var result = new ValidateViessmannOptions().Validate(null, new ViessmannOptions { ApiBase = address });

        Assert.Contains("Viessmann:ApiBase", result.FailureMessage, StringComparison.Ordinal);
        Assert.True(new ValidateViessmannOptions().Validate(null, new ViessmannOptions()).Succeeded);
    }

    /// <summary>A million answers would take minutes over sockets; these go through the same reading.</summary>
    [Fact]
    public async Task MutatedAnswers_NeverThrow()
    {
        await _site.PollAsync();
        var seed = Encoding.UTF8.GetBytes($$"""{"data":[{{string.Join(',', _cloud.Features.Values)}}]}""");
        var random = new Random(4711);
        var sensors = new HPManager.Drivers.Viessmann.Driver.InstalledSensors(HPManager.Drivers.Viessmann.Tables.FeatureTable.Load(), null);
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = seed.ToArray();
            for (var i = random.Next(1, 6); i > 0; i--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (!CloudJson.TryParse(bytes.AsSpan(0, random.Next(4) == 0 ? random.Next(bytes.Length) : bytes.Length), out var root, out _)) continue;
            _ = CloudErrors.Judge(random.Next(200, 600), root);
            foreach (var features in FeatureReader.ReadAll(root)?.Values ?? Enumerable.Empty<Dictionary<string, Feature>>())
            {
                sensors.Learn(features);
                foreach (var point in sensors.Points)
                {
                    if (point.Find(features) is { } feature) _ = HPManager.Drivers.Viessmann.Tables.FeatureDecoder.Decode(point.Row, feature, ViessmannSite.At);
                }
            }
        }
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var made = request.CreateSelfSigned(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2099, 1, 1, 0, 0, 0, TimeSpan.Zero));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
