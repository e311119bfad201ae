using HPManager.Drivers.Simulation.Physics;

namespace HPManager.Tests.Drivers.Simulation;

public class SimulatedPlantTests
{
    private const double WaterHeat = 4.186 / 3600;   // kWh per litre and kelvin
    private static readonly DateTimeOffset January = new(2026, 1, 10, 0, 0, 0, TimeSpan.Zero);

    public static TheoryData<HeatSource> Sources => new(HeatSource.Brine, HeatSource.Air);

    [Theory]
    [MemberData(nameof(Sources))]
    public void AdvanceTo_SameSeed_GivesTheSameStateHoweverTimeIsCut(HeatSource source)
    {
        var whole = Create(source);
        var cut = Create(source);
        var random = new Random(3);

        whole.AdvanceTo(January.AddDays(2));
        for (var at = January; at < January.AddDays(2); at += TimeSpan.FromSeconds(random.Next(1, 900))) cut.AdvanceTo(at);
        cut.AdvanceTo(January.AddDays(2));

        Assert.Equal(whole.State, cut.State);
    }

    [Fact]
    public void AdvanceTo_SummerWithStops_GivesTheSameHistoryHoweverTimeIsCut()
    {
        var summer = January.AddMonths(6);
        var whole = new SimulatedPlant(new PlantParameters(), 7, summer);
        var cut = new SimulatedPlant(new PlantParameters(), 7, summer);

        whole.AdvanceTo(summer.AddDays(6));
        for (var at = summer; at <= summer.AddDays(6); at += TimeSpan.FromMinutes(7)) cut.AdvanceTo(at);
        cut.AdvanceTo(summer.AddDays(6));

        Assert.Equal(whole.State, cut.State);
        var history = whole.State.History;
        Assert.Equal(PlantHistory.Length, history.Stops.Count);
        Assert.Equal(history.Stops.OrderByDescending(stop => stop.At), history.Stops);
        Assert.True(history.StopCount > PlantHistory.Length);
        Assert.All(history.Stops, stop => Assert.Equal(0, stop.FaultCode));
    }

    [Fact]
    public void FaultCode_WhileRunning_StopsItAndIsRememberedWithItsTime()
    {
        var plant = Create(HeatSource.Brine);
        RunUntil(plant, state => state.IsRunning);
        var at = plant.State.At;

        plant.FaultCode = 715;
        plant.FaultCode = 715;
        plant.AdvanceTo(at.AddMinutes(1));

        Assert.False(plant.State.IsRunning);
        Assert.Equal([new PlantFault(at, 715)], plant.State.History.Faults);
        Assert.Equal(715, plant.State.History.Stops[0].FaultCode);
        Assert.Equal(at, plant.State.History.SwitchedAt);
    }

    [Fact]
    public void Outside_Locks_StopHeatingAndHotWaterUntilItLetsGo()
    {
        var plant = Create(HeatSource.Brine);
        RunUntil(plant, state => state.Activity == PlantActivity.Heating);

        plant.Outside = new OutsideControl { LocksHeating = true, LocksHotWater = true };
        plant.AdvanceTo(plant.State.At.AddHours(3));
        Assert.Equal(PlantActivity.Off, plant.State.Activity);

        plant.Outside = OutsideControl.None;
        RunUntil(plant, state => state.IsRunning);
    }

    [Fact]
    public void Outside_PowerLimit_IsKept()
    {
        var plant = Create(HeatSource.Brine);
        plant.RoomTarget = 26;
        RunUntil(plant, state => state.ElectricPower > 1.5);

        plant.Outside = new OutsideControl { PowerLimit = 1.2 };
        plant.AdvanceTo(plant.State.At.AddMinutes(10));
        for (var minute = 0; minute < 120; minute++)
        {
            plant.AdvanceTo(plant.State.At.AddMinutes(1));
            Assert.InRange(plant.State.ElectricPower + plant.State.HeaterPower, 0, 1.2 * 1.05);
        }
    }

    [Fact]
    public void Outside_FlowAndHotWater_ReplaceOrShiftTheOwnersTargets()
    {
        var plant = Create(HeatSource.Brine);
        var own = plant.State.FlowTarget;

        plant.Outside = new OutsideControl { FlowOffset = 3 };
        Assert.Equal(own + 3, plant.State.FlowTarget, 6);
        plant.Outside = new OutsideControl { FlowTarget = 33, FlowOffset = -1 };
        Assert.Equal(32, plant.State.FlowTarget, 6);
        plant.Outside = new OutsideControl { HotWaterTarget = 55, HotWaterOffset = 2 };
        RunUntil(plant, state => state.HotWaterBottom >= 55.5);
    }

    [Fact]
    public void AdvanceTo_OtherSeed_GivesOtherWeather() =>
        Assert.NotEqual(Create(HeatSource.Air, seed: 1).State.Outdoor, Create(HeatSource.Air, seed: 2).State.Outdoor);

    [Theory]
    [MemberData(nameof(Sources))]
    public void State_AtAnyMoment_HeatIsFlowTimesSpread(HeatSource source)
    {
        foreach (var state in Week(source).Where(state => state.IsRunning))
        {
            var heat = state.FlowRate * 60 * WaterHeat * (state.Flow - state.Return);
            Assert.Equal(state.ThermalPower, heat, tolerance: 0.01);
        }
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public void State_OverAWeek_CountersAreTheIntegralsOfThePowers(HeatSource source)
    {
        var plant = Create(source);
        double electric = 0, heat = 0, defrost = 0;
        for (var at = January; at < January.AddDays(7); at += SimulatedPlant.Step)
        {
            plant.AdvanceTo(at + SimulatedPlant.Step);
            var state = plant.State;
            electric += (state.ElectricPower + state.HeaterPower) * SimulatedPlant.Step.TotalHours;
            heat += Math.Max(0, state.ThermalPower) * SimulatedPlant.Step.TotalHours;
            defrost += Math.Max(0, -state.ThermalPower) * SimulatedPlant.Step.TotalHours;
        }

        var end = plant.State;
        Assert.Equal(electric, end.ElectricEnergy, tolerance: 1e-6 * electric);
        Assert.Equal(heat, end.HeatingEnergy + end.HotWaterEnergy, tolerance: 1e-6 * heat);
        Assert.Equal(defrost, end.DefrostEnergy, tolerance: 1e-6 + (1e-6 * defrost));
        Assert.InRange(heat / electric, 2, 6);
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public void State_OverAYear_StaysWithinWhatAHouseKnows(HeatSource source)
    {
        var plant = Create(source);
        PlantState? before = null;
        for (var at = January; at < January.AddDays(365); at += TimeSpan.FromHours(1))
        {
            plant.AdvanceTo(at);
            var state = plant.State;
            Assert.InRange(state.Room, 17, 32);
            Assert.InRange(state.Flow, 10, 65);
            Assert.InRange(state.HotWaterTop, 30, 65);
            Assert.InRange(state.Outdoor, -25, 40);
            Assert.InRange(state.ElectricPower, 0, 6);
            Assert.InRange(state.HighPressure, 2, 30);
            if (before is not null)
            {
                Assert.True(state.ElectricEnergy >= before.ElectricEnergy && state.HeatingEnergy >= before.HeatingEnergy);
                Assert.True(state.HotWaterEnergy >= before.HotWaterEnergy && state.Starts >= before.Starts && state.Hours >= before.Hours);
            }

            before = state;
        }
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public void Compressor_OnceStarted_RunsAndRestsItsMinimum(HeatSource source)
    {
        var parameters = new PlantParameters { Source = source };
        DateTimeOffset? switched = null;
        PlantState? before = null;
        foreach (var state in Steps(Create(source), days: 7))
        {
            if (before is not null && before.IsRunning != state.IsRunning)
            {
                var least = state.IsRunning ? parameters.MinRest : parameters.MinRun;
                if (switched is { } last) Assert.True(state.At - last >= least, $"switched after {state.At - last} at {state.At}");
                switched = state.At;
            }

            before = state;
        }

        Assert.NotNull(switched);
    }

    [Fact]
    public void Defrost_OnlyWithAirAndNearOrBelowFreezing()
    {
        Assert.DoesNotContain(Week(HeatSource.Brine), state => state.Activity == PlantActivity.Defrost);
        var defrosting = Week(HeatSource.Air).Where(state => state.Activity == PlantActivity.Defrost).ToList();
        Assert.NotEmpty(defrosting);
        Assert.All(defrosting, state => Assert.True(state.Outdoor < 7.5 && state.ThermalPower < 0));
    }

    [Fact]
    public void RoomTarget_Raised_WarmsTheRoom()
    {
        var asItWas = Create(HeatSource.Brine);
        var raised = Create(HeatSource.Brine);
        raised.RoomTarget += 2;

        asItWas.AdvanceTo(January.AddDays(3));
        raised.AdvanceTo(January.AddDays(3));

        Assert.True(raised.State.FlowTarget > asItWas.State.FlowTarget);
        Assert.True(raised.State.Room > asItWas.State.Room + 0.5);
    }

    [Fact]
    public void HotWaterBoost_Asked_HeatsTheTankAndFallsBackByItself()
    {
        var plant = Create(HeatSource.Brine);
        plant.AdvanceTo(January.AddHours(3));
        plant.HotWaterBoost = true;

        plant.AdvanceTo(January.AddHours(5));

        Assert.False(plant.HotWaterBoost);
        Assert.True(plant.State.HotWaterTop > 50);
    }

    [Fact]
    public void Mode_Standby_Rests()
    {
        var plant = Create(HeatSource.Brine);
        plant.AdvanceTo(January.AddHours(3));
        plant.Mode = PlantMode.Standby;

        plant.AdvanceTo(January.AddHours(4));

        Assert.Equal((PlantActivity.Off, 0.0), (plant.State.Activity, plant.State.Speed));
    }

    private static SimulatedPlant Create(HeatSource source, int seed = 7) => new(new PlantParameters { Source = source }, seed, January);

    private static void RunUntil(SimulatedPlant plant, Func<PlantState, bool> condition)
    {
        for (var step = 0; !condition(plant.State); step++)
        {
            Assert.True(step < 100_000, "never came to it");
            plant.AdvanceTo(plant.State.At + SimulatedPlant.Step);
        }
    }

    private static IEnumerable<PlantState> Week(HeatSource source) =>
        Steps(Create(source), days: 7).Where((_, index) => index % 12 == 0);

    private static IEnumerable<PlantState> Steps(SimulatedPlant plant, int days)
    {
        for (var at = January; at < January.AddDays(days); at += SimulatedPlant.Step)
        {
            plant.AdvanceTo(at);
            yield return plant.State;
        }
    }
}
