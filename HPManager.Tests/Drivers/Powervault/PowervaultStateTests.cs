using HPManager.Core.Sensors;

namespace HPManager.Tests.Drivers.Powervault;

/// <summary>What is believed of a battery's messages, and for how long.</summary>
public sealed class PowervaultStateTests
{
    private const string Soc = "bms/soc";

    [Fact]
    public void Jump_OfOneMessage_IsNotBelieved()
    {
        var battery = new ToldBattery();
        foreach (var hundredths in new[] { 9700, 8700, 9690 }) TellCharge(battery, hundredths);

        Assert.Equal(96.9, battery.Value("battery_soc"));
        TellCharge(battery, 8700);
        Assert.Equal(96.9, battery.Value("battery_soc"));
    }

    [Fact]
    public void Jump_ThatRepeats_IsBelieved()
    {
        var battery = new ToldBattery();
        foreach (var hundredths in new[] { 9700, 8700, 8690 }) TellCharge(battery, hundredths);

        Assert.Equal(86.9, battery.Value("battery_soc"));
    }

    [Fact]
    public void Jump_AfterALongSilence_IsBelieved()
    {
        var battery = new ToldBattery();
        TellCharge(battery, 9700);
        battery.Now += TimeSpan.FromMinutes(11);
        TellCharge(battery, 4000);

        Assert.Equal(40.0, battery.Value("battery_soc"));
    }

    [Fact]
    public void Value_NotToldForFiveMinutes_IsStaleWithItsAge()
    {
        var battery = new ToldBattery();
        TellCharge(battery, 9700);
        battery.Now += TimeSpan.FromMinutes(6);

        Assert.Equal(Quality.Stale, battery["battery_soc"].Quality);
        Assert.Contains("6 min", battery["battery_soc"].Reason, StringComparison.Ordinal);
        Assert.Equal(battery.Now - TimeSpan.FromMinutes(6), battery["battery_soc"].At);
    }

    [Fact]
    public void Event_ToldOnce_StaysWithItsAge()
    {
        var battery = new ToldBattery();
        battery.Tell("schedule/event", """{"event":3,"setpoint":2000}""");
        battery.Now += TimeSpan.FromHours(2);

        Assert.Equal(Quality.Good, battery["schedule_event"].Quality);
        Assert.Equal(ToldBattery.Start, battery["schedule_event"].At);
    }

    [Fact]
    public void Message_KeptByTheBroker_IsNotTakenForFresh()
    {
        var battery = new ToldBattery();
        battery.Tell(Soc, """{"usable_soc":5000}""", isKept: true);

        Assert.Equal(Quality.Stale, battery["battery_soc"].Quality);
        battery.Tell(Soc, """{"usable_soc":5010}""");
        Assert.Equal(50.1, battery.Value("battery_soc"));
    }

    [Fact]
    public void Power_AgainstTheBatteryCurrent_IsImplausible()
    {
        var battery = new ToldBattery();
        battery.Tell("pylontech/info", """[{"measurement":"Current","type":"Total","value":-10230}]""");
        battery.Tell("inverter/charge", """{"power":-591}""");

        Assert.Equal(Quality.Implausible, battery["charge_power"].Quality);
        Assert.Contains("other way", battery["charge_power"].Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("house_is_grid", false, 12, 418)]
    [InlineData("house_is_grid", true, 12, 1418)]
    [InlineData("local_is_grid", false, -406, 12)]
    [InlineData("local_is_house", false, 12, -406)]
    public void Clamps_AsTheOwnerReadsThem(string clamps, bool solar, double grid, double house)
    {
        var battery = new ToldBattery(("clamps", clamps), ("solar_clamp", solar ? "true" : "false"));
        battery.Tell(
            "ffr/measurements",
            """[{"channel":"LOCAL","measurement":"Power","type":"Active","value":-406000},{"channel":"HOUSE","measurement":"Power","type":"Active","value":12000},{"channel":"AUX1","measurement":"Power","type":"Active","value":1000000}]""");

        Assert.Equal(grid, battery.Value("grid_power"));
        Assert.Equal(house, battery.Value("house_power"));
    }

    [Fact]
    public void Sign_TurnedRound_ChargesWithPositivePower()
    {
        var battery = new ToldBattery(("power_sign", "charging_is_positive"));
        battery.Tell("inverter/charge", """{"power":700}""");

        Assert.Equal(700, battery.Value("charge_power"));
    }

    [Theory]
    [InlineData("""{"usable_soc":"full"}""", Quality.Failed)]
    [InlineData("""{"usable_soc":true}""", Quality.Failed)]
    [InlineData("""{"usable_soc":[1]}""", Quality.Failed)]
    [InlineData("""{"usable_soc":1e999}""", Quality.Failed)]
    [InlineData("""{"usable_soc":12000}""", Quality.Implausible)]
    [InlineData("""{"usable_soc":-1}""", Quality.Implausible)]
    [InlineData("""{"usable_soc":4.9e-324}""", Quality.Good)]
    [InlineData("""{"usable_soc":null}""", Quality.Missing)]
    [InlineData("""[null,3,"x",{"usable_soc":null},[]]""", Quality.Missing)]
    [InlineData("""{"usable_soc":1000,"usable_soc":2000}""", Quality.Good)]
    public void Payload_OfAnotherKind_IsSaidAsWhatItIs(string payload, Quality quality)
    {
        var battery = new ToldBattery();
        battery.Tell(Soc, payload);

        Assert.Equal(quality, battery["battery_soc"].Quality);
        if (quality is not Quality.Good) Assert.NotNull(battery["battery_soc"].Reason);
    }

    [Fact]
    public void Alarms_NeverTold_AreNotCalledNone()
    {
        var battery = new ToldBattery();
        TellCharge(battery, 5000);

        Assert.Equal(Quality.Missing, battery["fault_active"].Quality);
    }

    [Fact]
    public void Alarm_OfAnOrdinaryDay_IsNoFault()
    {
        var battery = new ToldBattery();
        battery.Tell("inverter/alarms", """{"pv_loss":"1","fan_lock":"0","grid_freq_under":"1"}""");

        Assert.Equal(2, battery.Value("alarms_on"));
        Assert.Equal(0, battery.Value("fault_active"));
        Assert.Equal("on", battery["alarm_grid_freq_under_limit"].Text);
    }

    [Fact]
    public void Modules_InAnyNumber_AreBounded()
    {
        var battery = new ToldBattery();
        for (var module = -5; module < 100_000; module++) battery.Tell(Soc, $$"""{"module_addr":{{module}},"StateOfCharge":100}""");

        Assert.Equal(65, battery.State.Modules.Count);
    }

    [Theory]
    [InlineData(new byte[] { 0x7B, 0x22, 0xBE, 0x22, 0x3A, 0x31, 0x7D }, "UTF-8")]
    [InlineData(new byte[] { 0xFF, 0xFE }, "UTF-8")]
    public void Text_Damaged_IsSaid(byte[] payload, string reason) =>
        Assert.Contains(reason, new ToldBattery().State.Take("inverter/alarms", payload, ToldBattery.Start), StringComparison.Ordinal);

    [Fact]
    public void Text_HalfACharacter_IsSaid() =>
        Assert.Contains("cannot be read", new ToldBattery().Tell("inverter/alarms", """{"warnings_summary":"\ud800"}"""), StringComparison.Ordinal);

    [Fact]
    public void Payloads_Damaged_NeverThrowAndNeverTellRubbish()
    {
        const int Cases = 200_000;
        string[] topics = ["bms/soc", "inverter/measurements", "inverter/alarms", "pylontech/info", "ffr/measurements", "schedule/event", "m4/maxpower", "safetycheck/state"];
        string[] samples =
        [
            """[{"measurement":"StateOfCharge","value":9700}]""", """{"module_addr":4,"StateOfCharge":8200}""", """{"fan_lock":"1","battery_low":"0","inverter_temperature":"42.5"}""",
            """[{"channel":"LOCAL","measurement":"Power","type":"Active","value":-406464}]""", """{"time":"2025-12-18T07:46:49","event":0,"setpoint":0}""",
        ];
        var random = new Random(20251218);
        var battery = new ToldBattery();
        for (var number = 0; number < Cases; number++)
        {
            var bytes = System.Text.Encoding.UTF8.GetBytes(samples[random.Next(samples.Length)]);
            for (var change = random.Next(4); change >= 0; change--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            battery.State.Take(topics[random.Next(topics.Length)], bytes.AsMemory(0, random.Next(bytes.Length + 1)), battery.Now);
        }

        var (sensors, readings) = battery.State.ReadingsAt(battery.Now);
        Assert.Equal(sensors.Count, readings.Length);
        Assert.All(readings, reading => Assert.True(reading.Value is null || double.IsFinite(reading.Value.Value)));
        Assert.All(readings, reading => Assert.True(reading.Text is null || reading.Text.Length <= 201));
    }

    private static void TellCharge(ToldBattery battery, int hundredths)
    {
        battery.Now += TimeSpan.FromSeconds(3);
        battery.Tell(Soc, $$"""[{"measurement":"StateOfCharge","value":{{hundredths}}}]""");
    }
}
