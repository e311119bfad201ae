using HPManager.Core.Live;
using HPManager.Core.Polling;
using HPManager.Drivers.Modbus.Profiles;
using HPManager.Drivers.Modbus.Profiles.Owner;
using Microsoft.AspNetCore.Components;

namespace HPManager.Web.Components.Devices;

/// <summary>The devices that the owner has described.</summary>
public sealed partial class DeviceList
{
    /// <summary>Where they are kept.</summary>
    [Inject]
    public required OwnerProfiles Profiles { get; set; }

    /// <summary>What was wrong with them.</summary>
    [Inject]
    public required ModbusManufacturerSource Source { get; set; }

    /// <summary>Who uses them.</summary>
    [Inject]
    public required LiveValues Live { get; set; }

    /// <summary>Told of changes.</summary>
    [Inject]
    public required HeatpumpManager Manager { get; set; }

    private IReadOnlyList<string> Names => Profiles.Names;

    private IReadOnlyList<ProfileError> Errors => Source.ProfileErrors;

    private int UsersOf(string name) => Live.All.Count(state => $"{state.HeatPump.Manufacturer}/{state.HeatPump.Model}" == name);

    private string Usage(string name) => UsersOf(name) switch
    {
        0 => "used by none",
        1 => "used by 1 heat pump",
        var many => $"used by {many} heat pumps",
    };

    private async Task RemoveAsync(string name)
    {
        Profiles.Remove(name);
        await Manager.ReloadModelsAsync(CancellationToken.None);
    }
}
