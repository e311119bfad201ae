using HPManager.Core.Control;
using HPManager.Core.HeatPumps;
using HPManager.Core.Live;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Tests.Core.Polling;
using HPManager.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;

namespace HPManager.Tests.Core.Control;

public sealed class WriteControlTests : IAsyncLifetime
{
    private readonly PollingRig _rig = new(FakeMake.HeatPump("hp-001", "a"));
    private readonly WriteControl _control;

    public WriteControlTests() => _control = new WriteControl(
        _rig.Manager, _rig.Live, new HeldWrites(_rig.Manager, _rig.Live, new MemoryDeviceMemory(), _rig.Time, NullLogger<HeldWrites>.Instance), _rig.Time, NullLogger<WriteControl>.Instance);

    private FakeDevice Device => _rig.Make.Device("a");

    public async Task InitializeAsync()
    {
        await _rig.Manager.StartAsync(default);
        await _rig.AdvanceUntil(() => _rig.State("hp-001").Connection == ConnectionState.Online, TimeSpan.FromMilliseconds(1));
    }

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task Write_AllowedValue_IsSentOnceAndConfirmed()
    {
        var outcome = await Write(FakeMake.Target, "52");

        Assert.Equal(WriteStatus.Confirmed, outcome.Status);
        Assert.Equal(52, outcome.ReadBack!.Value.Value);
        Assert.Equal([(FakeMake.Target.Key, 52.0)], Device.Written);
    }

    [Fact]
    public async Task Write_WordOfACode_SendsTheCode()
    {
        var outcome = await Write(FakeMake.Mode, "Hot water only");

        Assert.Equal((WriteStatus.Confirmed, 4.0, "hot water only"), (outcome.Status, outcome.Sent, outcome.SentText));
    }

    [Theory]
    [InlineData("34", "35")]
    [InlineData("66", "65")]
    [InlineData("50.5", "steps of 1")]
    [InlineData("abc", "a number from 35 to 65 °C")]
    [InlineData("NaN", "a number")]
    [InlineData("Infinity", "a number")]
    [InlineData("1e400", "a number")]
    [InlineData("", "a number")]
    public async Task Write_ValueThatIsNotAllowed_IsRejectedAndSaysWhatIs(string value, string allowed)
    {
        var outcome = await Write(FakeMake.Target, value);

        Assert.Equal((WriteStatus.Rejected, "value"), (outcome.Status, outcome.Field));
        Assert.Contains(allowed, outcome.Message, StringComparison.Ordinal);
        Assert.Empty(Device.Written);
    }

    [Theory]
    [InlineData("3")]
    [InlineData("1.5")]
    [InlineData("99999999999")]
    [InlineData("holiday")]
    public async Task Write_CodeThatIsNotInTheTable_IsRejected(string value)
    {
        var outcome = await Write(FakeMake.Mode, value);

        Assert.Equal(WriteStatus.Rejected, outcome.Status);
        Assert.Contains("4 (hot water only)", outcome.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_ReadOnlySensor_IsRejected()
    {
        var outcome = await Write(FakeMake.Outdoor, "5");

        Assert.Equal((WriteStatus.Rejected, "sensor"), (outcome.Status, outcome.Field));
    }

    [Fact]
    public async Task Write_ValueThatIsThereAlready_SendsNothing()
    {
        var outcome = await Write(FakeMake.Target, "48");

        Assert.Equal(WriteStatus.Unchanged, outcome.Status);
        Assert.Empty(Device.Written);
    }

    [Fact]
    public async Task Write_EepromAgainWithinAMinute_IsRejectedUntilTheMinuteIsOver()
    {
        await Write(FakeMake.Target, "52");
        Assert.Equal(WriteStatus.Rejected, (await Write(FakeMake.Target, "53")).Status);

        _rig.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(WriteStatus.Confirmed, (await Write(FakeMake.Target, "53")).Status);
    }

    [Fact]
    public async Task Write_WriteOnlySensor_IsSentWithoutReadBack()
    {
        var outcome = await Write(FakeMake.Surplus, "2.5");

        Assert.Equal(WriteStatus.Sent, outcome.Status);
        Assert.Equal([(FakeMake.Surplus.Key, 2.5)], Device.Written);
    }

    [Fact]
    public async Task Write_DeviceKeepsItsOwnValue_IsRevertedOnlyAfterTheModelsTime()
    {
        Device.ForgetsWrites = true;
        var start = _rig.Time.GetUtcNow();

        var outcome = await Write(FakeMake.Target, "52");

        Assert.Equal(WriteStatus.Reverted, outcome.Status);
        Assert.Equal(48, outcome.ReadBack!.Value.Value);
        Assert.True(_rig.Time.GetUtcNow() - start >= TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task Write_DeviceRefuses_IsRefusedWithItsReason()
    {
        Device.WriteFailure = new Failure(FailureCause.Refused, "illegal data value");

        var outcome = await Write(FakeMake.Target, "52");

        Assert.Equal(WriteStatus.Refused, outcome.Status);
        Assert.Contains("illegal data value", outcome.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_LinkFails_SaysThatTheOutcomeIsNotKnownAndDoesNotTryAgain()
    {
        Device.WriteFailure = new Failure(FailureCause.NoAnswer, "no answer within 3 s");

        var outcome = await Write(FakeMake.Target, "52");

        Assert.Equal(WriteStatus.Unknown, outcome.Status);
        Assert.Empty(Device.Written);
    }

    [Fact]
    public async Task Write_UnknownHeatPump_IsRejected()
    {
        var outcome = await _control.WriteAsync(new WriteRequest(HeatPumpId.Parse("hp-099"), FakeMake.Target.Key, "50", "test"), default);

        Assert.Equal((WriteStatus.Rejected, "heatPumpId"), (outcome.Status, outcome.Field));
    }

    private async Task<WriteOutcome> Write(SensorDefinition sensor, string value)
    {
        var writing = _control.WriteAsync(new WriteRequest(HeatPumpId.Parse("hp-001"), sensor.Key, value, "test"), default);
        await _rig.AdvanceUntil(() => writing.IsCompleted, TimeSpan.FromMilliseconds(100));
        return await writing;
    }
}
