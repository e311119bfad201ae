namespace HPManager.Drivers.Simulation.Physics;

/// <summary>
/// A house with a heat pump. Deterministic: the same parameters, seed, start and inputs give the same states, however the time is cut into calls of
/// <see cref="AdvanceTo"/>. The equations are in docs/simulator.md. Not thread-safe.
/// </summary>
public sealed class SimulatedPlant
{
    /// <summary>Step of the simulation. Inputs take effect with the next step.</summary>
    public static readonly TimeSpan Step = TimeSpan.FromSeconds(5);

    private const double WaterHeat = 4.186 / 3600;       // kWh per litre and kelvin
    private const double ColdWater = 10;                 // °C
    private const double DrawTemperature = 45;           // °C
    private const double CellarTemperature = 16;         // °C
    private const double TankLoss = 0.0017;              // kW per kelvin
    private const double StartDegreeMinutes = -60;
    private const double HeaterDegreeMinutes = -460;
    private const double HotWaterHysteresis = 7;         // K
    private const double BoostRise = 8;                  // K
    private const double SpeedRate = 0.4;                // Hz per second
    private const double DefrostHeat = 5;                // kW taken from the heating water
    private const double DefrostMinutes = 4.5;
    private const double HottestTank = 70;               // °C

    private static readonly double StepHours = Step.TotalHours;
    private static readonly double StepMinutes = Step.TotalMinutes;

    private readonly PlantParameters _parameters;
    private readonly Weather _weather;
    private readonly HotWaterDraws _draws;
    private DateTimeOffset _now;
    private PlantActivity _activity = PlantActivity.Off;
    private double _outdoorAverage;
    private double _room = 21;
    private double _water = 28;
    private double _top = 47;
    private double _bottom = 42;
    private double _degreeMinutes;
    private double _speed;
    private double _frost;
    private bool _chargingTank;
    private double _sourceLoad;
    private PlantOutput _output;
    private PlantCounters _counters;
    private PlantHistory _history;

    /// <summary>Creates a plant whose time begins at <paramref name="start"/>.</summary>
    public SimulatedPlant(PlantParameters parameters, int seed, DateTimeOffset start)
    {
        _parameters = parameters;
        _weather = new Weather(parameters, seed);
        _draws = new HotWaterDraws(parameters.DailyHotWater, seed);
        _now = start;
        _outdoorAverage = _weather.Outdoor(start);
        _history = new PlantHistory(start, start - TimeSpan.FromHours(1));
        _output = Rest();
    }

    /// <summary>What the owner allows.</summary>
    public PlantMode Mode { get; set; } = PlantMode.Automatic;

    /// <summary>Room temperature asked for, °C, 10 to 30.</summary>
    public double RoomTarget { get; set; } = 21.5;

    /// <summary>Slope of the heating curve: kelvin of flow per kelvin of cold, 0.1 to 3.5.</summary>
    public double CurveSlope { get; set; } = 0.45;

    /// <summary>Parallel shift of the heating curve, K.</summary>
    public double CurveOffset { get; set; }

    /// <summary>Average outdoor temperature above which the house is not heated, °C.</summary>
    public double HeatingLimit { get; set; } = 15;

    /// <summary>Hot water temperature asked for, °C, 35 to 60.</summary>
    public double HotWaterTarget { get; set; } = 48;

    /// <summary>Charges the tank once, and hotter; falls back by itself when that is done.</summary>
    public bool HotWaterBoost { get; set; }

    /// <summary>What an energy manager asks for.</summary>
    public OutsideControl Outside { get; set; } = OutsideControl.None;

    /// <summary>Number of a fault that stops the heat pump; 0 for none.</summary>
    public int FaultCode
    {
        get;
        set
        {
            if (value != 0 && value != field) _history = _history.AfterFault(_now, value);
            field = value;
        }
    }

    /// <summary>The present state.</summary>
    public PlantState State => new()
    {
        At = _now,
        Activity = _activity,
        Outdoor = _weather.Outdoor(_now),
        OutdoorAverage = _outdoorAverage,
        Room = _room,
        Flow = _output.Flow,
        Return = _output.Return,
        FlowTarget = FlowTarget,
        HotWaterTop = _top,
        HotWaterBottom = _bottom,
        SourceIn = _output.SourceIn,
        SourceOut = _output.SourceOut,
        Speed = _speed,
        ElectricPower = _output.Electric,
        ThermalPower = _output.Thermal,
        HeaterPower = _output.Heater,
        FlowRate = _output.FlowRate,
        ChargePump = _output.FlowRate > 0 ? 100 * _output.FlowRate / (_parameters.HeatingFlow * 1.25) : 0,
        SourcePump = _speed > 0 && _activity != PlantActivity.Defrost ? 35 + (60 * _speed / _parameters.MaxSpeed) : 0,
        DegreeMinutes = _degreeMinutes,
        Condensing = _output.Condensing,
        Evaporating = _output.Evaporating,
        HotGas = _speed > 0 ? _output.Condensing + 16 + (0.22 * _speed) : _output.Flow + 1,
        SuctionGas = _speed > 0 ? _output.Evaporating + 6 : _output.SourceIn,
        ElectricEnergy = _counters.Electric,
        HotWaterElectricEnergy = _counters.HotWaterElectric,
        HeatingEnergy = _counters.Heating,
        HotWaterEnergy = _counters.HotWater,
        DefrostEnergy = _counters.Defrost,
        HeaterEnergy = _counters.Heater,
        Starts = _counters.Starts,
        Hours = _counters.Hours,
        HotWaterHours = _counters.HotWaterHours,
        HeaterHours = _counters.HeaterHours,
        History = _history,
    };

    private double FlowTarget => Math.Clamp((Outside.FlowTarget ?? CurveTarget) + Outside.FlowOffset, 20, 55);

    private double CurveTarget => RoomTarget + (CurveSlope * (RoomTarget - _outdoorAverage)) + CurveOffset + (2 * (RoomTarget - _room));

    private bool WantsHeat =>
        FaultCode == 0 && !Outside.LocksHeating && Mode is PlantMode.Automatic or PlantMode.HeatingOnly
        && _outdoorAverage < HeatingLimit && _room < RoomTarget + 1.5;

    private bool WantsHotWater =>
        FaultCode == 0 && !Outside.LocksHotWater && Mode is PlantMode.Automatic or PlantMode.HotWaterOnly && _chargingTank;

    private TimeSpan SinceSwitch => _now - _history.SwitchedAt;

    /// <summary>Sets the degree minutes, the lever with which owners start and stop a compressor; −3,000 to 3,000.</summary>
    public void SetDegreeMinutes(double value) => _degreeMinutes = Math.Clamp(value, -3000, 3000);

    /// <summary>Runs the plant up to a moment; whole steps only, the rest waits for the next call. A moment in the past does nothing.</summary>
    public void AdvanceTo(DateTimeOffset moment)
    {
        while (_now + Step <= moment) OneStep();
    }

    private void OneStep()
    {
        var outdoor = _weather.Outdoor(_now);
        _outdoorAverage += (outdoor - _outdoorAverage) * StepHours / 12;
        DecideTank();
        var before = _activity;
        DecideActivity(outdoor);
        if (_activity != before) _history = _history.AfterActivity(_now, before);
        Modulate();
        _output = Run(outdoor);
        Exchange(outdoor);
        _counters.Count(_activity, _output, isRunning: _speed > 0, Step);
        _now += Step;
    }

    private void DecideTank()
    {
        var target = Math.Min((Outside.HotWaterTarget ?? HotWaterTarget) + Outside.HotWaterOffset + (HotWaterBoost ? BoostRise : 0), HottestTank);
        if (!_chargingTank && (HotWaterBoost || _bottom < target - HotWaterHysteresis)) _chargingTank = true;
        if (!_chargingTank || _bottom < target - 1) return;
        _chargingTank = false;
        HotWaterBoost = false;
    }

    private void DecideActivity(double outdoor)
    {
        if (_activity == PlantActivity.Defrost)
        {
            _frost -= StepMinutes / DefrostMinutes;
            if (_frost > 0) return;
            _frost = 0;
        }
        else if (_parameters.Source == HeatSource.Air && _speed > 0 && outdoor < 7 && _output.Evaporating < 0)
        {
            // Wettest, and so fastest to frost, around the freezing point; some 50 minutes there, two hours at −10 °C.
            _frost += StepMinutes / (50 + (7 * Math.Abs(outdoor - 1)));
            if (_frost >= 1 && SinceSwitch >= _parameters.MinRun)
            {
                _activity = PlantActivity.Defrost;
                return;
            }
        }

        _activity = Wanted();
    }

    private PlantActivity Wanted()
    {
        var running = _speed > 0;
        var mayStop = SinceSwitch >= _parameters.MinRun || FaultCode != 0 || Mode == PlantMode.Standby;
        var mayStart = SinceSwitch >= _parameters.MinRest;
        if (WantsHotWater && (running || mayStart)) return PlantActivity.HotWater;
        if (running && !mayStop) return _activity is PlantActivity.Off or PlantActivity.Defrost ? PlantActivity.Heating : _activity;
        if (!WantsHeat) return PlantActivity.Off;
        var enough = running ? _degreeMinutes >= 0 : _degreeMinutes > StartDegreeMinutes;
        return enough || (!running && !mayStart) ? PlantActivity.Off : PlantActivity.Heating;
    }

    private void Modulate()
    {
        var wanted = _activity switch
        {
            PlantActivity.Heating => SpeedForHeating(),
            PlantActivity.HotWater => _parameters.MaxSpeed * 0.8,
            PlantActivity.Defrost => _parameters.MaxSpeed * 0.6,
            _ => 0,
        };
        var before = _speed;
        if (Outside.PowerLimit is { } limit && _output.Electric > limit) wanted = Math.Min(wanted, Math.Max(_parameters.MinSpeed, _speed * limit / _output.Electric));
        if (wanted == 0) _speed = 0;
        else if (_speed == 0) _speed = _parameters.MinSpeed;
        else _speed += Math.Clamp(wanted - _speed, -SpeedRate * Step.TotalSeconds, SpeedRate * Step.TotalSeconds);

        if (before > 0 == _speed > 0) return;
        _history = _speed > 0 ? _history.AfterStart(_now) : _history.AfterStop(_now, FaultCode);
        if (_speed > 0) _counters.CountStart();
    }

    private double SpeedForHeating()
    {
        var need = (_parameters.EmitterTransfer * (FlowTarget - 2.5 - _room)) + (0.6 * (FlowTarget - _output.Flow)) - (_degreeMinutes * 0.004);
        return Math.Clamp(_parameters.MaxSpeed * need / FullOutput(_output.SourceIn), _parameters.MinSpeed, _parameters.MaxSpeed);
    }

    private double FullOutput(double source) => _parameters.NominalOutput * (1 + (0.022 * Math.Clamp(source, -20, 20)));

    private double SourceTemperature(double outdoor)
    {
        if (_parameters.Source == HeatSource.Air) return outdoor;
        var days = (_now - DateTimeOffset.UnixEpoch).TotalDays;

        // Undisturbed ground follows the year two months late; the loop is colder by what is drawn from it.
        return 8.5 - (2.5 * Math.Cos(2 * Math.PI * (days - 75) / 365.2425)) - (0.75 * _sourceLoad);
    }

    private PlantOutput Rest()
    {
        var source = SourceTemperature(_weather.Outdoor(_now));
        return new PlantOutput(_water, _water, source, source, 0, _parameters.StandbyPower, 0, 0, _water, source);
    }

    private PlantOutput Run(double outdoor)
    {
        var sourceIn = SourceTemperature(outdoor);
        var heater = _activity == PlantActivity.Heating && _degreeMinutes < HeaterDegreeMinutes && Outside.PowerLimit is null ? _parameters.HeaterOutput : 0;
        if (_speed == 0)
        {
            // At rest the charge pump samples the circuit when heat is wanted, so that the degree minutes see the water.
            var sampling = WantsHeat ? _parameters.HeatingFlow * 0.6 : 0;
            return new PlantOutput(_water, _water, sourceIn, sourceIn, 0, _parameters.StandbyPower, heater, sampling, _water, sourceIn);
        }

        var flowRate = _parameters.HeatingFlow;
        var returning = _activity == PlantActivity.HotWater ? _bottom + 2 : _water;
        if (_activity == PlantActivity.Defrost)
        {
            var electric = _parameters.StandbyPower + (_parameters.AuxiliaryPower / 2) + 1.1;
            var drop = DefrostHeat / (flowRate * 60 * WaterHeat);
            return new PlantOutput(returning - drop, returning, sourceIn, sourceIn, -DefrostHeat, electric, 0, flowRate, 8, returning - drop - 6);
        }

        var thermal = FullOutput(sourceIn) * _speed / _parameters.MaxSpeed;
        var flow = returning + (thermal / (flowRate * 60 * WaterHeat));
        var condensing = flow + 2;
        var sourceDrop = (_parameters.Source == HeatSource.Air ? 5.5 : 3.8) * _speed / _parameters.MaxSpeed;
        var evaporating = sourceIn - sourceDrop - (_parameters.Source == HeatSource.Air ? 4 : 2.5) - (3 * _frost);
        var cop = Math.Clamp(_parameters.CarnotFraction * (condensing + 273.15) / Math.Max(8, condensing - evaporating), 1.3, 8);
        var power = (thermal / cop) + _parameters.AuxiliaryPower + _parameters.StandbyPower;
        return new PlantOutput(flow, returning, sourceIn, sourceIn - sourceDrop, thermal, power, heater, flowRate, condensing, evaporating);
    }

    private void Exchange(double outdoor)
    {
        var intoTank = _activity == PlantActivity.HotWater ? _output.Thermal : 0;
        var intoWater = _output.Thermal - intoTank + _output.Heater;
        var mean = _activity is PlantActivity.Heating ? (_output.Flow + _output.Return) / 2 : _water;
        var emitted = Math.Max(0, _parameters.EmitterTransfer * (mean - _room)) * (_output.FlowRate > 0 && _activity != PlantActivity.HotWater ? 1 : 0.15);
        _water += (intoWater - emitted) * StepHours / (_parameters.HeatingWater * WaterHeat);

        var gains = emitted + _parameters.InternalGains + _weather.Sun(_now);
        _room += (gains - (_parameters.HouseLoss * (_room - outdoor))) * StepHours / _parameters.HouseCapacity;
        ExchangeTank(intoTank);

        if (_activity is PlantActivity.Heating or PlantActivity.Off && WantsHeat)
            _degreeMinutes = Math.Clamp(_degreeMinutes + ((_output.Flow - FlowTarget) * StepMinutes), -1000, 100);
        else if (!WantsHeat) _degreeMinutes += (0 - _degreeMinutes) * StepMinutes / 30;
        _sourceLoad += (Math.Max(0, _output.Thermal - _output.Electric) - _sourceLoad) * StepHours / 3;
    }

    private void ExchangeTank(double heat)
    {
        var layer = _parameters.Tank / 2;
        var perKelvin = layer * WaterHeat;

        // What is drawn at 45 °C is mixed from the top and cold water; as much cold water enters at the bottom.
        var drawn = _draws.RateAt(_now) * StepMinutes * Math.Min(1, (DrawTemperature - ColdWater) / Math.Max(5, _top - ColdWater));
        _top += (_bottom - _top) * drawn / layer;
        _bottom += (ColdWater - _bottom) * drawn / layer;
        _bottom += heat * StepHours / perKelvin;
        _top -= TankLoss / 2 * (_top - CellarTemperature) * StepHours / perKelvin;
        _bottom -= TankLoss / 2 * (_bottom - CellarTemperature) * StepHours / perKelvin;

        // Warmer water rises: a bottom as warm as the top mixes with it.
        if (_bottom > _top) _top = _bottom = (_top + _bottom) / 2;
    }
}
