using System.Globalization;
using HPManager.Core.HeatPumps;
using Microsoft.AspNetCore.Components;

namespace HPManager.Web.Components.Controls;

/// <summary>What every heat pump has: name, place, time between two polls.</summary>
public partial class GeneralFields
{
    private static readonly ParameterDefinition NameField = new()
    {
        Key = "name",
        Label = "Name",
        Kind = ParameterKind.Text,
        IsRequired = true,
    };

    private static readonly ParameterDefinition LocationField = new()
    {
        Key = "location",
        Label = "Place",
        Kind = ParameterKind.Text,
        Help = "Optional: where it stands, in your words.",
    };

    private static readonly ParameterDefinition IntervalField = new()
    {
        Key = "interval",
        Label = "Read every",
        Kind = ParameterKind.Integer,
        Unit = "s",
        IsRequired = true,
        Min = (int)HeatPump.MinInterval.TotalSeconds,
        Max = (int)HeatPump.MaxInterval.TotalSeconds,
        Help = "Shorter shows more detail and asks more of the controller.",
    };

    /// <summary>What was typed so far.</summary>
    [Parameter, EditorRequired]
    public required HeatPumpDraft Draft { get; set; }

    /// <summary>Shortest interval that the other side bears; zero for no bound.</summary>
    [Parameter]
    public TimeSpan Shortest { get; set; }

    /// <summary>A field was left and checked.</summary>
    [Parameter]
    public EventCallback Changed { get; set; }

    private ParameterDefinition Interval => Shortest <= HeatPump.MinInterval
        ? IntervalField
        : IntervalField with { Help = string.Create(CultureInfo.InvariantCulture, $"The account's plan allows a reading every {Shortest.TotalSeconds:0} s at most; a shorter interval is raised to that.") };

    private Task LeaveAsync(ParameterDefinition parameter, string value)
    {
        Draft.SetError(parameter.Key, parameter.Check(value));
        return Changed.InvokeAsync();
    }
}
