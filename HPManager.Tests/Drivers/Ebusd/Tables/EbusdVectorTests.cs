using HPManager.Core.Sensors;
using HPManager.Drivers.Ebusd.Bus;
using HPManager.Drivers.Ebusd.Client;
using HPManager.Drivers.Ebusd.Inventory;
using HPManager.Drivers.Ebusd.Tables;

namespace HPManager.Tests.Drivers.Ebusd.Tables;

/// <summary>The worked exchanges of the protocol page through the shipped table, in the page's order and under its numbers. Those that write are with the writes.</summary>
public sealed class EbusdVectorTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 20, 20, 15, 19, TimeSpan.Zero);
    private static readonly EbusdTables Tables = EbusdTables.Load();

    [Theory]
    [InlineData(1, "ctl_water_pressure", "1.6", 1.6)]
    [InlineData(4, "hp_flow_temp_fine", "35.25", 35.25)]
    [InlineData(5, "hp_yield_power", "5.3", 5.3)]
    [InlineData(6, "hp_flow_pressure", "1.50", 1.5)]
    [InlineData(7, "hp_compressor_speed", "49.9967", 49.9967 * 60)]
    [InlineData(8, "hp_status_code", "heat_compressor_active", 104, "heat compressor active")]
    [InlineData(9, "hp_status_code", "104", 104, "heat compressor active")]
    [InlineData(11, "hp_flow_temp", "35.0;30.0;-;-;-;on", 35)]
    [InlineData(11, "hp_return_temp", "35.0;30.0;-;-;-;on", 30)]
    [InlineData(11, "hp_pump_state", "35.0;30.0;-;-;-;on", 1, "on")]
    [InlineData(14, "hp_set_mode_hcmode", "auto;35.0;-;-;0;0;0;0;0;0", 0, "auto")]
    [InlineData(14, "hp_set_mode_flow", "auto;35.0;-;-;0;0;0;0;0;0", 35)]
    [InlineData(14, "hp_release_backup", "auto;35.0;-;-;0;0;0;0;0;0", 0, "no")]
    [InlineData(15, "hp_compressor_minutes_heating", "187179;4337", 187_179)]
    [InlineData(15, "hp_compressor_cycles_heating", "187179;4337", 4_337)]
    [InlineData(16, "hp_error", "-;-;-;-;-", 0, "none")]
    [InlineData(17, "ctl_error", "22;-;-;-;-", 22)]
    [InlineData(26, "bus_outdoor_temp", "8.250", 8.25)]
    [InlineData(30, "ctl_dhw_setpoint", "48", 48)]
    public void Decode_ExchangeOfThePage_IsItsValue(int number, string key, string answer, double value, string? word = null)
    {
        var reading = Decode(key, answer);

        Assert.True(reading.IsGood, $"{number}: {reading}");
        Assert.Equal(value, reading.Value!.Value, 1e-6);
        if (word is not null) Assert.Equal(word, reading.Text);
    }

    [Theory]
    [InlineData(24, "ctl_z1_timer_monday0", "06:00;22:00;20.5", "06:00 to 22:00 at 20.5 °C")]
    [InlineData(24, "ctl_dhw_timer_monday0", "00:00;24:00;50.0", "00:00 to 24:00 at 50.0 °C")]
    [InlineData(37, "ctl_z1_holiday_start", "24.12.2026", "2026-12-24")]
    [InlineData(0, "ctl_time", "10:53:38", "10:53:38")]
    public void Decode_Texts_AreTexts(int number, string key, string answer, string text) =>
        Assert.Equal((text, Quality.Good, number), (Decode(key, answer).Text, Decode(key, answer).Quality, number));

    [Theory]
    [InlineData(11, "hp_outdoor_temp", "35.0;30.0;-;-;-;on", "no value")]
    [InlineData(14, "hp_set_mode_dhw", "auto;35.0;-;-;0;0;0;0;0;0", "no value")]
    [InlineData(25, "ctl_z1_holiday_start", "01.01.2015", "none set")]
    [InlineData(25, "ctl_z1_holiday_end", "01.01.2019", "none set")]
    [InlineData(0, "ctl_date", "-.-.-", "no date")]
    [InlineData(0, "ctl_time", "-:-:-", "no time")]
    [InlineData(0, "ctl_z1_timer_monday0", "-:-;-:-;-", "not used")]
    [InlineData(0, "ehp_flow_temp", "-20.19;cutoff", "cut off")]
    [InlineData(0, "ehp_flow_temp", "150.00;85", "short-circuited")]
    [InlineData(0, "ehp_flow_temp", "150.00;7", "not known")]
    public void Decode_WhatStandsForNothing_IsMissing(int number, string key, string answer, string reason)
    {
        var reading = Decode(key, answer);

        Assert.True(reading is { Quality: Quality.Missing, Value: null }, $"{number}: {reading}");
        Assert.Contains(reason, reading.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hp_return_temp_run", "4.32721e-42", "holds something else")]
    [InlineData("hp_flow_temp_fine", "1.23457e+06", "outside")]
    [InlineData("hp_flow_temp_fine", "-50.5", "outside")]
    [InlineData("hp_yield_power", "12.8", "outside")]
    [InlineData("hp_compressor_util", "101", "outside")]
    [InlineData("ctl_water_pressure", "71", "outside")]
    [InlineData("hp_release_cooling", "auto;35.0;-;-;0;0;0;0;0;2", "neither on nor off")]
    public void Decode_WhatCannotBe_IsImplausible(string key, string answer, string reason)
    {
        var reading = Decode(key, answer);

        Assert.Equal(Quality.Implausible, reading.Quality);
        Assert.Contains(reason, reading.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hp_flow_temp_fine", "")]
    [InlineData("hp_flow_temp_fine", "35,25")]
    [InlineData("hp_flow_temp_fine", "35.25;1")]
    [InlineData("hp_flow_temp_fine", "NaN")]
    [InlineData("hp_flow_temp_fine", "1e999")]
    [InlineData("hp_flow_temp_fine", "Infinity")]
    [InlineData("hp_flow_temp_fine", "35.25 °C")]
    [InlineData("hp_flow_temp", "35.0;30.0")]
    [InlineData("hp_status_code", "Something_else")]
    [InlineData("hp_status_code", "104=Heating_Compressor_active")]
    [InlineData("hp_status_code", "99999999999")]
    [InlineData("ctl_z1_holiday_start", "2026-12-24")]
    [InlineData("ctl_z1_holiday_start", "31.02.2026")]
    [InlineData("ctl_time", "25:00:00")]
    [InlineData("ctl_z1_timer_monday0", "06:00;22:00")]
    [InlineData("ctl_z1_timer_monday0", "06:00;26:00;20.5")]
    public void Decode_WhatIsNoValue_IsNeverAGoodReading(string key, string answer)
    {
        var reading = Decode(key, answer);

        Assert.True(reading is { IsGood: false, Value: null }, reading.ToString());
    }

    [Theory]
    [InlineData("hp_status_code", "999", 999)]
    [InlineData("hp_pump_state", "35.0;30.0;-;-;-;3", 3)]
    public void Decode_NumberThatTheListDoesNotHave_IsThePlainNumber(string key, string answer, double code) =>
        Assert.Equal((code, (string?)null, Quality.Good), (Decode(key, answer).Value, Decode(key, answer).Text, Decode(key, answer).Quality));

    [Fact]
    public void Decode_WordsOfAnotherGeneration_AreThoseOfItsDefinition()
    {
        var field = new MessageField("value", "UIN", "100=Standby;104=Heating_Compressor_active");

        Assert.Equal(104, ValueDecoder.Decode(Row("hp_status_code"), [field], "Heating_Compressor_active", At).Value);
    }

    [Fact]
    public void Decode_ModulationOfWhichTheDefinitionTakesOneByte_IsNotBelieved()
    {
        var reading = ValueDecoder.Decode(Row("hp_compressor_util"), [new MessageField("value", "SCH", "")], "52", At);

        Assert.Equal((52.0, Quality.Implausible), (reading.Value, reading.Quality));
        Assert.Equal(Quality.Good, ValueDecoder.Decode(Row("hp_compressor_util"), [new MessageField("value", "D2C", "")], "3.25", At).Quality);
    }

    [Theory]
    [InlineData(20, "empty", ReadKind.Empty)]
    [InlineData(21, "ERR: invalid position in decode", ReadKind.Unsupported)]
    [InlineData(22, "ERR: read timeout", ReadKind.BusFault)]
    [InlineData(23, "ERR: element not found", ReadKind.NotOffered)]
    [InlineData(27, "ERR: element not found", ReadKind.NotOffered)]
    [InlineData(28, "ERR: no data stored", ReadKind.NotHeard)]
    [InlineData(19, "ERR: end of input reached", ReadKind.Refused)]
    [InlineData(0, "ERR: invalid position", ReadKind.Unsupported)]
    [InlineData(0, "ERR: element not found in decode", ReadKind.Refused)]
    [InlineData(0, "ERR: arbitration lost", ReadKind.BusFault)]
    [InlineData(0, "ERR: no signal", ReadKind.NoSignal)]
    [InlineData(0, "ERR: something new", ReadKind.Refused)]
    [InlineData(0, "usage: read [-f]", ReadKind.Refused)]
    [InlineData(1, "1.6", ReadKind.Values)]
    public void Of_AnswerToARead_HasItsOwnReason(int number, string answer, object kind)
    {
        var sorted = ReadAnswer.Of(new EbusdAnswer(EbusdFault.None, null, [answer], HasAnswered: true));

        Assert.Equal((kind, number), (sorted.Kind, number));
        if (sorted.Kind != ReadKind.Values) Assert.NotEmpty(sorted.Reason);
    }

    [Fact]
    public void Parse_StoredTime_IsTheOneOfThePage()
    {
        // 40 and 41.
        var times = StoredTimes.Parse(
        [
            "ctlv2 MaintenanceDue = no",
            "ctlv2 WaterPressure = value=1.6 bar [water pressure] [ZZ=15, lastup=2026-11-20 21:15:19, active read]",
            "ctlv2 HwcStorageTempTop =  (empty for 3115b524/08) [ZZ=15, lastup=2026-11-20 21:15:20, active read]",
            "ctlv2 HwcTempDesired = value=48 [ZZ=15, lastup=2026-11-20 21:16:00, active write]",
            "hmu SetMode = hcmode=auto [ZZ=08, lastup=2026-11-20 21:15:21, passive write]",
            "hmu SetMode = hcmode=auto [ZZ=08, lastup=2026-11-20 21:15:11, passive read]",
            "scan.08  = Vaillant;HMU00 [ZZ=08, lastup=2026-11-20 21:00:00, active read]",
            "hmu Never = no data stored [ZZ=08, active read]",
            "hmu Bad = value=1 [ZZ=08, lastup=2026-13-45 21:15:19, active read]",
            "[ZZ=08, lastup=",
            "",
        ]);

        Assert.Equal(
            [("ctlv2 waterpressure", 19), ("ctlv2 hwcstoragetemptop", 20), ("hmu setmode", 21)],
            times.Where(pair => !pair.Key.Circuit.StartsWith("scan", StringComparison.Ordinal)).Select(pair => (pair.Key.ToString(), pair.Value.Second)));
        Assert.Equal(new DateTime(2026, 11, 20, 21, 15, 19, DateTimeKind.Unspecified), times[MessageId.Of("CTLV2", "waterPressure")]);
    }

    [Fact]
    public void Parse_InventoryOfThePage_IsReadAndWrite()
    {
        // 42, with the columns that are asked for.
        var read = MessageOffer.Parse("r,ctlv2,,HwcTempDesired,b524,020001000400,ign,s,IGN:4,,,,value,s,EXP,,°C,\"setpoint, hot water\"")!;
        var write = MessageOffer.Parse("w,ctlv2,install,HwcTempDesired,b524,020101000400,value,m,EXP,,°C,")!;

        Assert.Equal(("b524020001000400", false, false, CircuitRole.Controller), (read.Telegram, read.IsWrite, read.NeedsInput, read.Role));
        Assert.Equal([new MessageField("value", "EXP", "")], read.Fields);
        Assert.True(write is { IsWrite: true, Level: "install" });
        Assert.True(MessageOffer.Parse("r,hmu,,Errorhistory,b503,0101,index,m,UCH,,,,status,s,UCH,,,")!.NeedsInput);
        Assert.True(MessageOffer.Parse("[hwc=1]r5,ctlv2,,X,b524,02,value,s,EXP,,,") is { IsWrite: false, IsPassive: false });
        Assert.True(MessageOffer.Parse("uw,hmu,,SetMode,b510,00,hcmode,m,UCH,0=auto;1=off,,") is { IsPassive: true, NeedsInput: false, Fields.Count: 1 });
        Assert.All(["", "r", "r,,,,,", "x,hmu,,A,b5,00", "r,a b,,A,b5,00", "r,hmu,,A B,b5,00", "\"", ",,,,,,,"], line => Assert.Null(MessageOffer.Parse(line)));
    }

    [Theory]
    [InlineData("08;Vaillant;HMU00;0901;5103", true)]
    [InlineData("08;Vaillant;HMUX0;0407;0303", true)]
    [InlineData("08;Vaillant;EHP00;0327;7201", true)]
    [InlineData("08;Vaillant;BAI00;0202;9602", false)]
    [InlineData("15;Vaillant;CTLV2;0514;1104", false)]
    [InlineData("ERR: no data stored", false)]
    public void IsHeatPump_LineOfTheScan_TellsHeatPumpsFromOthers(string line, bool isOne) => Assert.Equal(isOne, Circuits.IsHeatPump(line));

    [Theory]
    [InlineData("hmu", CircuitRole.HeatPump)]
    [InlineData("HMUX0", CircuitRole.HeatPump)]
    [InlineData("ehp", CircuitRole.Ehp)]
    [InlineData("700", CircuitRole.Controller)]
    [InlineData("720", CircuitRole.Controller)]
    [InlineData("ctls2", CircuitRole.Controller)]
    [InlineData("bass", CircuitRole.Controller)]
    [InlineData("basv3", CircuitRole.Controller)]
    [InlineData("vwzio", CircuitRole.ApplianceModule)]
    [InlineData("bai", CircuitRole.None)]
    public void RoleOf_Circuit_IsThePages(string circuit, object role) => Assert.Equal(role, Circuits.RoleOf(circuit));

    private static EbusdRow Row(string key) => Tables.Find(SensorKey.Parse(key))!;

    private static Reading Decode(string key, string answer) => ValueDecoder.Decode(Row(key), [], answer, At);
}
