using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Drivers.Modbus.Client;
using HPManager.Drivers.Modbus.Profiles;
using HPManager.Tests.Drivers.Modbus.Profiles;

namespace HPManager.Tests.Drivers.Modbus.Driver;

/// <summary>Daikin and Stiebel Eltron units that have nothing to say, or refuse: no sensor shows a value, and what still answers is read right.</summary>
public class NothingInventedTests
{
    // A sub-code of 32766 is the good news that there is no fault; the hot water method of an Altherma 4 is off.
    private static readonly string[] SaidByTheFiller = ["error_code", "error_sub_code", "dhw_mode"];

    public static TheoryData<string, string, int> Silent
    {
        get
        {
            var data = new TheoryData<string, string, int>();
            foreach (var model in ShippedProfiles.Models.Where(model => model.Manufacturer == "daikin"))
            {
                foreach (var word in new[] { 0x7FFD, 0x7FFE, 0x7FFF }) data.Add("daikin", model.Key, word);
            }

            foreach (var model in ShippedProfiles.Models.Where(model => model.Manufacturer == "stiebel_eltron")) data.Add("stiebel_eltron", model.Key, 0x8000);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Silent))]
    public async Task Poll_FillerEverywhere_ShowsNoValue(string manufacturer, string key, int filler)
    {
        var model = ShippedProfiles.Model(manufacturer, key);
        await using var device = Device(model, (ushort)filler);
        await using var site = DriverSite.Open(device.Port, model, ShippedProfiles.Everything(model), 1);

        var (snapshot, failure) = await site.Device.PollAsync(DriverSite.At, default);

        if (snapshot is null)
        {
            Assert.Equal(FailureCause.OtherModel, failure!.Cause);
            return;
        }

        var identity = model.Profile.IdentityPoint(key, Settings.Empty)?.Sensor.Key.Value;
        var said = filler == 0x7FFE ? SaidByTheFiller : [];
        for (var position = 0; position < snapshot.Readings.Count; position++)
        {
            var sensor = snapshot.Sensors[position].Key.Value;
            var reading = snapshot.Readings[position];
            if (sensor == identity || said.Contains(sensor) || IsBit(model, sensor)) continue;
            Assert.True(reading.Quality == Quality.Missing && reading is { Value: null, Text: null }, $"{sensor}: {DriverSite.Describe(reading)}");
            Assert.False(string.IsNullOrEmpty(reading.Reason), sensor);
        }
    }

    [Theory]
    [InlineData("daikin", "altherma_3_homehub")]
    [InlineData("daikin", "altherma_4")]
    [InlineData("stiebel_eltron", "wpm_system")]
    [InlineData("stiebel_eltron", "wpm_3i")]
    [InlineData("stiebel_eltron", "lwz")]
    public async Task Poll_EachRegisterRefusedInItsTurn_LeavesTheOthers(string manufacturer, string key)
    {
        var model = ShippedProfiles.Model(manufacturer, key);
        var options = ShippedProfiles.Everything(model);
        var identity = model.Profile.IdentityPoint(key, options);
        var points = model.AllPoints().Where(point => point.Sensor.IsReadable && point.Address != identity?.Address).ToList();
        await using var device = Device(model, 0);

        foreach (var lost in points.Where((_, index) => index % 9 == 0))
        {
            device.Refuse = read => TableOf(read) == lost.Table && read.Start <= lost.Address && lost.Address < read.Start + read.Count ? 2 : 0;
            await using var site = DriverSite.Open(device.Port, model, options, 1);
            var snapshot = await site.PollAsync();

            foreach (var point in points)
            {
                var reading = snapshot[point.Sensor.Key]!.Value;
                var isTouched = point.Table == lost.Table && point.Address <= lost.Address && lost.Address < point.End;
                var isLost = reading is { Quality: Quality.Missing, Value: null } && reading.Reason!.Contains("does not have it", StringComparison.Ordinal);
                if (IsWithTheLost(model, point, lost) && !isTouched) continue;
                Assert.True(isTouched == isLost && reading.Quality != Quality.Failed, $"{point.Sensor.Key} without {lost.Address}: {DriverSite.Describe(reading)}");
            }
        }
    }

    // A refusal inside of an optional range drops the whole of it.
    private static bool IsWithTheLost(ModbusModel model, ModbusPoint point, ModbusPoint lost) => point.Table == lost.Table
        && model.Profile.Blocks(point.Table).OptionalRangeOf(lost.Address) is { } range && point.End > range.First && point.Address <= range.Last;

    private static bool IsBit(ModbusModel model, string sensor) =>
        model.AllPoints().FirstOrDefault(point => point.Sensor.Key.Value == sensor) is { } point && !point.Table.IsOfRegisters();

    private static ModbusTable TableOf(FakeRead read) => read.Function switch
    {
        1 => ModbusTable.Coil,
        2 => ModbusTable.DiscreteInput,
        3 => ModbusTable.HoldingRegister,
        _ => ModbusTable.InputRegister,
    };

    /// <summary>A device whose every register holds one word, but for the one that says which controller it is.</summary>
    private static RegisterFake Device(ModbusModel model, ushort word)
    {
        var device = new RegisterFake();
        for (var address = 0; address < 6000; address++) device.Set(address, word);
        if (model.Profile.IdentityPoint(model.Key, Settings.Empty) is not { } identity) return device;
        device.Set(identity.Address, (ushort)Enumerable.Range(0, 1000).First(code => model.Profile.IdentifiedBy(code).Contains(model.Key)));
        return device;
    }
}
