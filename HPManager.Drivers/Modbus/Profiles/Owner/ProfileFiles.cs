namespace HPManager.Drivers.Modbus.Profiles.Owner;

/// <summary>The two files of a profile, as text.</summary>
/// <param name="Header">What <c>profile.yaml</c> holds.</param>
/// <param name="Registers">What <c>registers.csv</c> holds.</param>
public sealed record ProfileFiles(string Header, string Registers);
