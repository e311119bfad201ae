using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Drivers.Husdata.Driver;
using HPManager.Drivers.Luxtronik.Driver;
using HPManager.Drivers.Modbus.Profiles;
using HPManager.Drivers.Powervault.Driver;
using HPManager.Drivers.Simulation.Husdata;
using HPManager.Drivers.Ebusd.Driver;
using HPManager.Drivers.Simulation.Ebusd;
using HPManager.Drivers.Simulation.Luxtronik;
using HPManager.Drivers.Simulation.Makes;
using HPManager.Drivers.Simulation.Modbus;
using HPManager.Drivers.Simulation.Physics;
using HPManager.Drivers.Simulation.Powervault;
using HPManager.Drivers.Simulation.Viessmann;
using HPManager.Drivers.Viessmann.Driver;

namespace HPManager.Drivers.Simulation;

/// <summary>A simulated heat pump behind a real socket, as a model of ours would find it.</summary>
public static class SimulatedSite
{
    /// <summary>Clouds and habits of the house in which a simulated battery stands.</summary>
    internal const int BatterySeed = 4711;

    /// <summary>How long a simulated battery has lived when it is found: as long as the demo remembers.</summary>
    private static readonly TimeSpan BatteryPast = TimeSpan.FromHours(24);

    /// <summary>The registers of a model, served from a simulated heat pump.</summary>
    /// <param name="model">
    /// An iDM, NIBE, Daikin or Stiebel Eltron model, or Luxtronik's smart home interface.
    /// </param>
    /// <param name="options">Its device options, such as the heating circuits it has.</param>
    /// <param name="heatPump">What lives behind it.</param>
    /// <exception cref="NotSupportedException">There is no simulator of the make.</exception>
    public static IRegisterBank CreateBank(ModbusModel model, Settings options, SimulatedHeatPump heatPump)
    {
        var points = model.Profile.Points(model.Key, options);
        return model.Manufacturer switch
        {
            "idm" => new IdmNavigatorBank(points, heatPump),
            "nibe" => new NibeSBank(points, heatPump),
            "daikin" when model.Key == "altherma_3_homehub" => new DaikinHomeHubBank(heatPump),
            "daikin" when model.Key == "altherma_4" => new DaikinAltherma4Bank(heatPump),
            "daikin" when model.Key == "air_to_air_homehub" => new DaikinAirToAirBank(heatPump),
            "stiebel_eltron" => CreateIsgBank(model.Key, heatPump) ?? throw Unknown(model),
            "luxtronik" => new LuxtronikSmartHomeBank(heatPump),
            _ => throw Unknown(model),
        };
    }

    /// <summary>Starts a server for one simulated heat pump, speaking what the model is spoken to in; on Modbus it is unit 1.</summary>
    /// <param name="model">A model with a simulator.</param>
    /// <param name="options">Its device options.</param>
    /// <param name="heatPump">What lives behind it.</param>
    /// <param name="time">Clock of the server.</param>
    /// <param name="port">Port on 127.0.0.1; 0 for a free one.</param>
    /// <exception cref="NotSupportedException">There is no simulator of the model.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">The port is taken.</exception>
    public static ISimulatedServer Start(HeatPumpModel model, Settings options, SimulatedHeatPump heatPump, TimeProvider time, int port = 0) => model switch
    {
        LuxtronikModel => SimulatedLuxtronikServer.Start(
            new LuxtronikBlocks(heatPump, model.Key == "luxtronik_2_0" ? LuxtronikFirmware.Series2 : LuxtronikFirmware.Newest), time, port),
        ViessmannModel => SimulatedViessmannCloud.Start(heatPump, time, port),
        PowervaultModel => SimulatedPowervault.Start(new SimulatedBattery(heatPump, BatterySeed, time, heatPump.Age < BatteryPast ? heatPump.Age : BatteryPast), time, port),
        HusdataModel husdata => SimulatedHusdataGateway.Start(CreateGateway(husdata, heatPump), time, port),
        EbusdModel => SimulatedEbusdServer.Start(new VaillantBus(heatPump), time, port),
        ModbusModel modbus => SimulatedModbusServer.Start(new Dictionary<byte, IRegisterBank> { [1] = CreateBank(modbus, options, heatPump) }, time, port),
        _ => throw Unknown(model),
    };

    private static IGatewayBank CreateGateway(HusdataModel model, SimulatedHeatPump heatPump) => model.InterfaceType switch
    {
        "60" => new ThermiaGatewayBank(heatPump),
        "00" => new Rego600GatewayBank(heatPump),
        "40" => new Eb100GatewayBank(heatPump),
        _ => throw Unknown(model),
    };

    /// <summary>
    /// As <see cref="Start"/>, for a heat pump that lives along a clock of its own, faster than the driver that reads it: a server that spares a slow bus has
    /// everything there at once.
    /// </summary>
    /// <param name="model">A model with a simulator.</param>
    /// <param name="options">Its device options.</param>
    /// <param name="heatPump">What lives behind it.</param>
    /// <param name="past">The clock of the heat pump.</param>
    /// <param name="time">Clock of servers that have none of their own to show.</param>
    /// <exception cref="NotSupportedException">There is no simulator of the model.</exception>
    public static ISimulatedServer StartForThePast(HeatPumpModel model, Settings options, SimulatedHeatPump heatPump, TimeProvider past, TimeProvider time) => model is EbusdModel
        ? SimulatedEbusdServer.Start(new VaillantBus(heatPump), past, isReadByOthers: true)
        : Start(model, options, heatPump, time);

    private static IsgBank? CreateIsgBank(string key, SimulatedHeatPump heatPump) => key switch
    {
        "wpm_system" => new StiebelWpmBank(heatPump, WpmController.WpmSystem),
        "lwz_r290" => new StiebelWpmBank(heatPump, WpmController.LwzR290),
        "wpm_3" => new StiebelWpmBank(heatPump, WpmController.Wpm3),
        "wpm_3i" => new StiebelWpmBank(heatPump, WpmController.Wpm3i),
        "lwz" => new StiebelLwzBank(heatPump, controller: 103, hasVentilation: true),
        "lwz_x04_sol" => new StiebelLwzBank(heatPump, controller: 104, hasVentilation: true),
        "lwa" => new StiebelLwzBank(heatPump, controller: 103, hasVentilation: false),
        _ => null,
    };

    private static NotSupportedException Unknown(HeatPumpModel model) => new($"There is no simulator of {model.Manufacturer} {model.Key}.");
}
