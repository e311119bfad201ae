using System.Globalization;
using HPManager.Core.Sensors;
using HPManager.Drivers.Viessmann.Accounts;

namespace HPManager.Drivers.Viessmann.Driver;

/// <summary>What the driver itself knows about the way to the heat pump: how often it may be read, and who else spends the budget.</summary>
internal static class CloudSensors
{
    /// <summary>Calls since midnight UTC.</summary>
    public static readonly SensorKey CallsToday = SensorKey.Parse("cloud_calls_today");

    /// <summary>Seconds between two readings of the cloud.</summary>
    public static readonly SensorKey ReadInterval = SensorKey.Parse("cloud_read_interval");

    /// <summary>The budget in words.</summary>
    public static readonly SensorKey Budget = SensorKey.Parse("cloud_budget");

    /// <summary>Their definitions, in the order of <see cref="Read"/>.</summary>
    public static IReadOnlyList<SensorDefinition> All { get; } =
    [
        new SensorDefinition
        {
            Key = CallsToday, Label = "Calls to the cloud today", Category = SensorCategory.Other, Kind = ValueKind.Number, Address = "HPManager",
            Notes = "Since midnight UTC, by HPManager alone; all heat pumps of the account together.",
        },
        new SensorDefinition
        {
            Key = ReadInterval, Label = "Time between two readings of the cloud", Category = SensorCategory.Other, Kind = ValueKind.Number, Unit = Seconds, Address = "HPManager",
            Notes = "Your interval, or longer where the plan of the account does not allow it.",
        },
        new SensorDefinition
        {
            Key = Budget, Label = "Budget of calls", Category = SensorCategory.Other, Kind = ValueKind.Text, Address = "HPManager",
        },
    ];

    private static Unit Seconds => Unit.TryParse("s", out var unit) ? unit : Unit.None;

    /// <summary>Their readings.</summary>
    /// <param name="account">Whose budget.</param>
    /// <param name="interval">What the owner wants.</param>
    /// <param name="at">Moment of the snapshot.</param>
    public static Reading[] Read(CloudAccount account, TimeSpan interval, DateTimeOffset at)
    {
        var budget = account.Budget;
        var gateways = account.Gateways.Count;
        var shortest = CallBudget.ShortestInterval(budget.PerDay, gateways);
        var isRaised = shortest > interval;
        var words = budget.Others ?? (isRaised
            ? string.Create(CultureInfo.InvariantCulture, $"Read every {shortest.TotalSeconds:0} s instead of {interval.TotalSeconds:0} s: {gateways} gateways share {budget.PerDay} calls a day.")
            : string.Create(CultureInfo.InvariantCulture, $"Within {budget.PerDay} calls a day, of which {CallBudget.ReserveOf(budget.PerDay)} are kept for writing."));
        return
        [
            new Reading(budget.Today, null, Quality.Good, at),
            new Reading((isRaised ? shortest : interval).TotalSeconds, null, Quality.Good, at),
            new Reading(null, words, Quality.Good, at),
        ];
    }
}
