using System.Globalization;
using HPManager.Core.Accounts;
using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Drivers.Viessmann.Accounts;

namespace HPManager.Drivers.Viessmann.Driver;

/// <summary>The way to a heat pump in the cloud, and what has to be known for it.</summary>
internal static class ViessmannConnections
{
    /// <summary>Kind of a connection through the cloud.</summary>
    public const string Kind = "viessmann_cloud";

    /// <summary>Key of the owner's client id.</summary>
    public const string ClientId = AccountParameters.ClientId;

    /// <summary>Key of the account that was signed in.</summary>
    public const string Account = AccountParameters.Account;

    /// <summary>Key of the heat pump among those of the account.</summary>
    public const string Device = AccountParameters.Device;

    /// <summary>Key of the calls that the account's plan allows on a day.</summary>
    public const string CallsPerDay = "calls_per_day";

    public static ConnectionKind Description { get; } = new(
        Kind,
        "Viessmann's cloud",
        [
            new ParameterDefinition
            {
                Key = ClientId, Label = "Client id", Kind = ParameterKind.Text, IsRequired = true,
                Help = "Of the client that you made in Viessmann's developer portal, with the redirect address that stands below.",
            },
            new ParameterDefinition
            {
                Key = Account, Label = "Sign-in at Viessmann", Kind = ParameterKind.Account, Service = CloudAccounts.Service, IsRequired = true,
            },
            new ParameterDefinition
            {
                Key = Device, Label = "Heat pump", Kind = ParameterKind.AccountDevice, Service = CloudAccounts.Service, IsRequired = true,
            },
            new ParameterDefinition
            {
                Key = CallsPerDay, Label = "Calls a day that your plan allows", Kind = ParameterKind.Integer, Min = 100, Max = 100_000, IsAdvanced = true,
                Default = CallBudget.FreePlan.ToString(CultureInfo.InvariantCulture),
                Help = "1450 on the free plan, 3000 on the paid one. HPManager plans its reading so that a fifth is left for what you write.",
            },
        ]);

    public static int CallsPerDayOf(ConnectionConfig connection) => connection.Settings.Integer(CallsPerDay) is > 0 and var calls ? calls : CallBudget.FreePlan;

    public static string AccountOf(ConnectionConfig connection) => (connection.Settings[Account] ?? "").Trim();
}
