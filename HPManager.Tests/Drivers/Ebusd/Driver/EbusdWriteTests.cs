using System.Collections.Concurrent;
using System.Text;
using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Tests.Drivers.Ebusd.Fixtures;
using Microsoft.Extensions.Logging;

namespace HPManager.Tests.Drivers.Ebusd.Driver;

/// <summary>Writes: by the page's section 9, and its worked exchanges 29 to 39.</summary>
public sealed class EbusdWriteTests
{
    [Theory]
    [InlineData("ctl_dhw_setpoint", 48, "write -c ctlv2 HwcTempDesired 48")]
    [InlineData("ctl_dhw_setpoint", 48.5, "write -c ctlv2 HwcTempDesired 48.5")]
    [InlineData("ctl_dhw_mode", 2, "write -c ctlv2 HwcOpMode 2")]
    public async Task Write_Setting_IsOneLineAndReadBackFromTheBus(string key, double value, string line)
    {
        await using var fake = FakeEbusd.Plant();
        await using var site = new EbusdSite(fake);
        await site.PollAsync();
        fake.Lines.Clear();

        Assert.Null(await site.WriteAsync(key, value));
        var reading = await site.ReadAsync(key);

        Assert.Equal((value, Quality.Good), (reading.Value, reading.Quality));
        Assert.Equal([line, line.Replace("write -c", "read -n -f -c", StringComparison.Ordinal)[..line.Replace("write -c", "read -n -f -c", StringComparison.Ordinal).LastIndexOf(' ')]], fake.Lines);
        Assert.Equal(value, (await site.ReadingAsync(key)).Value);
    }

    [Theory]
    [InlineData("done", null)]
    [InlineData("empty", null)]
    [InlineData("ERR: element not found", FailureCause.Refused, "access level")]
    [InlineData("ERR: invalid numeric argument", FailureCause.Refused)]
    [InlineData("ERR: argument value out of valid range", FailureCause.Refused)]
    [InlineData("usage: write [-s QQ] [-d ZZ] -c CIRCUIT NAME [VALUE[;VALUE]*]", FailureCause.Refused)]
    [InlineData("ERR: read timeout", FailureCause.NoAnswer)]
    [InlineData("ERR: arbitration lost", FailureCause.NoAnswer)]
    [InlineData("ERR: no signal", FailureCause.DeviceOffline)]
    public async Task Write_AnswerOfEbusd_IsToldAsWhatItMeans(string answer, FailureCause? cause, string? hint = null)
    {
        await using var fake = FakeEbusd.Plant();
        fake.Script = async (socket, line) => line.StartsWith("write", StringComparison.Ordinal) && await socket.SendAsync(Encoding.UTF8.GetBytes(answer + "\n\n")) > 0;
        await using var site = new EbusdSite(fake);
        await site.PollAsync();

        var failure = await site.WriteAsync("ctl_dhw_setpoint", 48);

        Assert.Equal(cause, failure?.Cause);
        if (hint is not null) Assert.Contains(hint, failure!.Hint, StringComparison.Ordinal);
        if (cause is FailureCause.NoAnswer or FailureCause.DeviceOffline) Assert.Contains("not known whether", failure!.Message, StringComparison.Ordinal);
        Assert.Single(fake.Lines, line => line.StartsWith("write", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Write_ConnectionThatBreaks_IsNeverSentTwice()
    {
        await using var fake = FakeEbusd.Plant();
        fake.Script = (_, line) => line.StartsWith("write", StringComparison.Ordinal) ? throw new IOException("closed") : Task.FromResult(false);
        await using var site = new EbusdSite(fake);
        await site.PollAsync();

        var failure = await site.WriteAsync("ctl_dhw_setpoint", 48);

        Assert.Contains("not known whether", failure!.Message, StringComparison.Ordinal);
        Assert.Single(fake.Lines, line => line.StartsWith("write", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Write_MessageWithoutAWrite_IsNotOfferedAndNotSent()
    {
        await using var fake = FakeEbusd.Plant();
        fake["HwcTempDesired"].IsWritable = false;
        await using var site = new EbusdSite(fake);
        var snapshot = await site.PollAsync();

        var sensor = snapshot.Sensors[snapshot.Sensors.PositionOf(SensorKey.Parse("ctl_dhw_setpoint"))];
        Assert.False(sensor.IsWritable);
        Assert.Contains("access level", sensor.Notes, StringComparison.Ordinal);
        var failure = await site.WriteAsync("ctl_dhw_setpoint", 48);
        Assert.Equal(FailureCause.Refused, failure!.Cause);
        Assert.DoesNotContain(fake.Lines, line => line.StartsWith("write", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Write_WhatDefinitionsOfferAndThePageForbids_IsNeverWritable()
    {
        await using var fake = FakeEbusd.Plant();
        foreach (var (name, telegram) in ((string, string)[])[("PrEnergySumHc", "b524020000005700"), ("HydraulicScheme", "b524020000003600"), ("Date", "b524020000003400"), ("YieldTotal", "b524020000003e00")])
            fake.Add("r", "ctlv2", name, telegram, "ign,s,IGN:4,,,,value,s,ULG,,kWh,", "1").IsWritable = true;
        await using var site = new EbusdSite(fake);

        var snapshot = await site.PollAsync();

        Assert.Equal(["ctl_dhw_mode", "ctl_dhw_setpoint"], snapshot.Sensors.All.Where(sensor => sensor.IsWritable).Select(sensor => sensor.Key.Value).Order(StringComparer.Ordinal));
        await Assert.ThrowsAsync<ArgumentException>(() => site.WriteAsync("ctl_energy_heating_total", 0));
    }

    [Fact]
    public async Task Write_BeforeTheFirstPoll_FindsOutWhatThereIs()
    {
        await using var fake = FakeEbusd.Plant();
        await using var earlier = new EbusdSite(fake);
        await earlier.PollAsync();
        await using var site = new EbusdSite(fake, earlier);

        Assert.Null(await site.WriteAsync("ctl_dhw_setpoint", 50));
    }

    [Fact]
    public async Task Write_FortyADay_WarnsAndGoesOnCountingOverRestartsUntilMidnight()
    {
        await using var fake = FakeEbusd.Plant();
        using var logs = new RecordingLogs();
        await using var earlier = new EbusdSite(fake, logs: logs);
        await earlier.PollAsync();
        for (var i = 0; i < 39; i++) await earlier.WriteAsync("ctl_dhw_setpoint", 40 + (i % 20));
        Assert.DoesNotContain(logs.Lines, line => line.Level == LogLevel.Warning);

        await using var site = new EbusdSite(fake, earlier, logs: logs);
        Assert.Null(await site.WriteAsync("ctl_dhw_setpoint", 41));
        Assert.Contains(logs.Lines, line => line.Level == LogLevel.Warning && line.Text.Contains("40 times", StringComparison.Ordinal));
        Assert.Equal(40, (await site.ReadingAsync("writes_today")).Value);
        site.Advance(TimeSpan.FromHours(12));
        Assert.Equal(0, (await site.ReadingAsync("writes_today")).Value);
        Assert.Contains(logs.Lines, line => line.Text.Contains("ctlv2 hwctempdesired is written, 58 becomes 40", StringComparison.Ordinal));
    }

    private sealed class RecordingLogs : ILoggerFactory, ILogger
    {
        public ConcurrentQueue<(LogLevel Level, string Text)> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider)
        {
            // Only what is recorded here counts.
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue((logLevel, formatter(state, exception)));

        public void Dispose()
        {
            // Nothing is held.
        }
    }
}
