using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;

namespace HPManager.Tests.Drivers.Husdata;

/// <summary>What is written, in what form, and what is not.</summary>
public class HusdataWriteTests
{
    private const string Living = "\"0001\":301,\"0002\":342,\"0007\":-26,\"0009\":482";
    private static readonly Settings Unverified = Settings.Empty.With("allow_unverified_writes", "true");

    [Theory]
    [InlineData("thermia/diplomat", "operating_mode")]
    [InlineData("nibe/eb100_husdata", "heat_curve")]
    [InlineData("ivt/rego_600", "holiday_mode")]
    [InlineData("thermia/diplomat", "ext_port_1")]
    public async Task Sensors_FormThatNobodyVerified_IsWrittenOnlyWithTheOption(string model, string sensor)
    {
        await using var gateway = new FakeGateway(Living);
        await using var careful = new HusdataSite(gateway.Port, model);
        await using var daring = new HusdataSite(gateway.Port, model, Unverified);

        Assert.False(Of(careful).IsWritable);
        Assert.True(Of(daring).IsWritable);
        await Assert.ThrowsAsync<ArgumentException>(() => careful.WriteAsync(sensor, 1));
        Assert.Empty(gateway.Writes);

        SensorDefinition Of(HusdataSite site) => site.Device.Sensors.TryGet(SensorKey.Parse(sensor), out var found) ? found : throw new InvalidOperationException(sensor);
    }

    [Fact]
    public async Task Sensors_EveryWritableOneOfEveryModel_IsBoundedAndHasAWriteClass()
    {
        await using var gateway = new FakeGateway(Living);
        await using var site = new HusdataSite(gateway.Port, "thermia/diplomat");
        var models = new HPManager.Drivers.Husdata.Driver.HusdataManufacturerSource(site.Model.Driver).Load().SelectMany(make => make.Models).ToList();

        Assert.Equal(8, models.Count);
        foreach (var sensor in models.SelectMany(model => model.Sensors(Unverified).All).Where(sensor => sensor.IsWritable))
        {
            Assert.NotEqual(WriteClass.None, sensor.WriteClass);
            Assert.True(sensor.Codes is not null || sensor.Kind == ValueKind.Switch || sensor.Range is { Min: not null, Max: not null, Step: not null }, sensor.Key.Value);
        }
    }

    [Theory]
    [InlineData("thermia/diplomat", "2201", 10, "operating_mode", 2, "20")]
    [InlineData("nibe/eb100_husdata", "2213", 10, "hot_water_program", 2, "20")]
    [InlineData("nibe/eb100_husdata", "2213", 1, "hot_water_program", 2, "2")]
    [InlineData("ivt/rego_2000", "2213", 10, "hot_water_program", 2, "2")]
    [InlineData("ivt/rego_1000", "6209", 0, "extra_hot_water_hours", 3, "3")]
    [InlineData("ivt/rego_600", "2205", 19, "heat_curve", 2.5, "25")]
    [InlineData("ivt/rego_1000", "2204", 20, "room_influence", 2.5, "25")]
    [InlineData("ivt/rego_2000", "1231", 0, "extra_hot_water_on", 1, "1")]
    public async Task Write_SettingOfDataTypeTwoAndSix_IsInTheFormOfThePage(string model, string index, int present, string sensor, double value, string sent)
    {
        await using var gateway = new FakeGateway($"{Living},\"{index}\":{present}");
        await using var site = new HusdataSite(gateway.Port, model, Unverified);

        Assert.Null(await site.WriteAsync(sensor, value));

        Assert.Equal($"/api/set?idx={index}&val={sent}", Assert.Single(gateway.Writes));
        Assert.Equal("/api/alldata", gateway.Requests.First());
    }

    [Fact]
    public async Task Write_GatewayServesTheOldValueForAWhile_IsProvenByReadingOnly()
    {
        await using var gateway = new FakeGateway($"{Living},\"0203\":200") { ReadsUntilWritten = 2 };
        await using var site = new HusdataSite(gateway.Port, "ivt/rego_600");

        Assert.Null(await site.WriteAsync("room_setpoint", 21.5));

        Assert.Equal(20, (await site.ReadBackAsync("room_setpoint")).Value);
        Assert.Equal(20, (await site.ReadBackAsync("room_setpoint")).Value);
        Assert.Equal(21.5, (await site.ReadBackAsync("room_setpoint")).Value);
        Assert.Single(gateway.Writes);
    }

    [Fact]
    public async Task Write_ReadBackTenTimesOff_CorrectsTheFormForTheNextOneAndRemembersIt()
    {
        await using var gateway = new FakeGateway($"{Living},\"2204\":20") { Serves = (index, word) => index == "2204" ? word * 10 : word };
        await using var site = new HusdataSite(gateway.Port, "ivt/rego_1000");

        await site.WriteAsync("room_influence", 3);
        Assert.Equal(30, (await site.ReadBackAsync("room_influence")).Value);
        await using var later = new HusdataSite(gateway.Port, "ivt/rego_1000", earlier: site);
        await later.WriteAsync("room_influence", 3);

        Assert.Equal(["/api/set?idx=2204&val=30", "/api/set?idx=2204&val=3"], gateway.Writes);
        Assert.Equal(3, (await later.ReadBackAsync("room_influence")).Value);
    }

    [Fact]
    public async Task Write_ScalingNotKnown_IsRefusedBeforeAnythingIsSent()
    {
        await using var gateway = new FakeGateway($"{Living},\"2204\":20");
        await using var site = new HusdataSite(gateway.Port, "thermia/diplomat", Unverified);

        var failure = (await site.WriteAsync("room_influence", 3))!;

        Assert.Equal(FailureCause.Refused, failure.Cause);
        Assert.Contains("multiplies this setting by ten", failure.Message, StringComparison.Ordinal);
        Assert.Empty(gateway.Writes);
    }

    [Fact]
    public async Task Write_HolidayUnderWay_MustBeEndedFirst()
    {
        await using var gateway = new FakeGateway($"{Living},\"2210\":7");
        await using var site = new HusdataSite(gateway.Port, "ivt/rego_600", Unverified);

        var failure = (await site.WriteAsync("holiday_mode", 14))!;
        Assert.Equal(FailureCause.Refused, failure.Cause);
        Assert.Contains("holiday of 7", failure.Message, StringComparison.Ordinal);
        Assert.Null(await site.WriteAsync("holiday_mode", 0));
        Assert.Null(await site.WriteAsync("holiday_mode", 14));

        Assert.Equal(["/api/set?idx=2210&val=0", "/api/set?idx=2210&val=14"], gateway.Writes);
    }

    [Theory]
    [InlineData("0", true)]
    [InlineData("1", false)]
    public async Task Write_EmulatedRoomTemperature_NeedsRoomControl(string roomControl, bool isRefused)
    {
        await using var gateway = new FakeGateway($"{Living},\"02F1\":210") { Status = "{\"status\":{\"H1ver\":\"3010\"},\"config\":{\"ROOM_CTRL\":" + roomControl + "}}" };
        await using var site = new HusdataSite(gateway.Port, "ivt/rego_1000");

        var failure = await site.WriteAsync("emulated_room_temp", 21.5);

        Assert.Equal(isRefused, failure?.Message.Contains("ROOM_CTRL", StringComparison.Ordinal) ?? false);
        Assert.Equal(isRefused ? [] : ["/api/set?idx=02F1&val=215"], gateway.Writes);
    }

    [Fact]
    public async Task Write_ApiThatIsReadOnly_IsRefusedWithWhatToDo()
    {
        await using var gateway = new FakeGateway($"{Living},\"0203\":200") { Api = 1 };
        await using var site = new HusdataSite(gateway.Port, "thermia/diplomat");

        var failure = (await site.WriteAsync("room_setpoint", 21))!;

        Assert.Equal(FailureCause.Refused, failure.Cause);
        Assert.Contains("API_ENABLED to 2", failure.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"response":"err"}""", "err")]
    [InlineData("""{"response":"Format error"}""", "Format error")]
    [InlineData("""{"response":{"Format error"}""", "Format error")]
    [InlineData("""<html>login</html>""", "did not say Ok")]
    [InlineData("", "did not say Ok")]
    public async Task Write_AnswerOtherThanOk_IsRefused(string answer, string words)
    {
        await using var gateway = new FakeGateway($"{Living},\"0203\":200");
        gateway.Instead = path => path.StartsWith("/api/set", StringComparison.Ordinal) ? FakeGateway.Answer("200 OK", answer) : null;
        await using var site = new HusdataSite(gateway.Port, "thermia/diplomat");

        var failure = (await site.WriteAsync("room_setpoint", 21))!;

        Assert.Equal(FailureCause.Refused, failure.Cause);
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_ConnectionLostAfterSending_IsUnknownAndNotRepeated()
    {
        await using var gateway = new FakeGateway($"{Living},\"0203\":200");
        gateway.Instead = path => path.StartsWith("/api/set", StringComparison.Ordinal) ? [] : null;
        await using var site = new HusdataSite(gateway.Port, "thermia/diplomat");

        var failure = (await site.WriteAsync("room_setpoint", 21))!;

        Assert.Equal(FailureCause.ConnectionLost, failure.Cause);
        Assert.Contains("not known whether", failure.Message, StringComparison.Ordinal);
        Assert.Single(gateway.Writes);
    }

    [Fact]
    public async Task Write_SettingThatTheGatewayDoesNotHave_IsRefused()
    {
        await using var gateway = new FakeGateway(Living);
        await using var site = new HusdataSite(gateway.Port, "thermia/diplomat");

        Assert.Equal(FailureCause.Refused, (await site.WriteAsync("room_setpoint", 21))!.Cause);
        Assert.Empty(gateway.Writes);
    }
}
