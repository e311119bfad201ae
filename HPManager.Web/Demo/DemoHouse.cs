using HPManager.Core.Discovery;
using HPManager.Core.HeatPumps;
using HPManager.Drivers.Simulation.Physics;

namespace HPManager.Web.Demo;

/// <summary>One of the demo's houses.</summary>
/// <param name="Name">Name of its heat pump.</param>
/// <param name="Location">Where it stands.</param>
/// <param name="Manufacturer">Make.</param>
/// <param name="Model">Model.</param>
/// <param name="Options">Device options.</param>
/// <param name="Port">Port on 127.0.0.1, if it is free.</param>
/// <param name="Seed">Weather and habits.</param>
/// <param name="Plant">House and heat pump.</param>
/// <param name="IsConfigured">Whether it is there from the start, or waits to be added.</param>
internal sealed record DemoHouse(
    string Name, string Location, string Manufacturer, string Model, Settings Options, int Port, int Seed, PlantParameters Plant, bool IsConfigured)
{
    /// <summary>The setting of the network search that leads to it at its unusual port; null when the search does not find it there.</summary>
    public string? SearchSetting => Manufacturer switch
    {
        "idm" or "nibe" or "daikin" or "stiebel_eltron" => nameof(DiscoveryOptions.ModbusPorts),
        "thermia" => nameof(DiscoveryOptions.HttpPorts),
        _ => null,
    };

    // Registers above 3000, the energy totals among them, exist on the newer firmware only.
    private static readonly Settings NewFirmware = new([new("newer_firmware", "true")]);

    public static readonly IReadOnlyList<DemoHouse> All =
    [
        new(
            "Farmhouse", "Cellar", "idm", "navigator_2_0", new Settings([new("circuits", "a")]), 15021, 7,
            new PlantParameters { NominalOutput = 10, HouseLoss = 0.2, EmitterTransfer = 0.5 }, IsConfigured: true),
        new("Lake house", "Utility room", "nibe", "s1255", NewFirmware, 15022, 21, new PlantParameters(), IsConfigured: true),
        new(
            "Garden flat", "Roof", "daikin", "altherma_3_homehub", Settings.Empty, 15025, 55,
            new PlantParameters { Source = HeatSource.Air, HouseLoss = 0.12, CarnotFraction = 0.42 }, IsConfigured: true),
        new(
            "Town house", "Cellar", "stiebel_eltron", "wpm_system", Settings.Empty, 15026, 77,
            new PlantParameters { NominalOutput = 8, HouseLoss = 0.17 }, IsConfigured: true),
        new(
            "Mill house", "Mill room", "luxtronik", "luxtronik_2_1", Settings.Empty, 15027, 99,
            new PlantParameters { NominalOutput = 9, HouseLoss = 0.19, EmitterTransfer = 0.47 }, IsConfigured: true),
        new(
            "Forest cabin", "Hall", "thermia", "diplomat", Settings.Empty, 15030, 111,
            new PlantParameters { NominalOutput = 7, HouseLoss = 0.15, EmitterTransfer = 0.38, OutdoorMean = 6 }, IsConfigured: true),
        new(
            "Battery", "Mill room", "powervault", "p3", new Settings([new("solar_clamp", "true")]), 15031, 99,
            new PlantParameters { NominalOutput = 9, HouseLoss = 0.19, EmitterTransfer = 0.47 }, IsConfigured: true),
        new(
            "Row house", "Utility room", "vaillant", "ebus", Settings.Empty, 15028, 111,
            new PlantParameters { Source = HeatSource.Air, HouseLoss = 0.13, CarnotFraction = 0.44 }, IsConfigured: true),
        new(
            "Villa", "Technical room", "viessmann", "vitocal_cloud", Settings.Empty, 15029, 111,
            new PlantParameters { Source = HeatSource.Air, NominalOutput = 9, HouseLoss = 0.18, EmitterTransfer = 0.45 }, IsConfigured: true),
        new(
            "Workshop", "Outside, north wall", "nibe", "s2125", NewFirmware, 15023, 33,
            new PlantParameters { Source = HeatSource.Air, HouseLoss = 0.14, CarnotFraction = 0.45 }, IsConfigured: false),
    ];
}

/// <summary>What pages may say about a running demo. Thread-safe.</summary>
public sealed class DemoNotice
{
    private volatile string? _waiting;
    private volatile bool _isRemembering;

    /// <summary>Whether the devices' last day is still being lived through again, so that charts are not complete.</summary>
    public bool IsRemembering
    {
        get => _isRemembering;
        internal set => _isRemembering = value;
    }

    /// <summary>The simulated heat pump that waits to be added, in words; null when no demo runs.</summary>
    public string? Waiting
    {
        get => _waiting;
        internal set => _waiting = value;
    }
}
