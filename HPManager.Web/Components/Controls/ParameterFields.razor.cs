using HPManager.Core.HeatPumps;
using Microsoft.AspNetCore.Components;

namespace HPManager.Web.Components.Controls;

/// <summary>The fields of a connection or of a device's options; what few owners touch is folded away.</summary>
public partial class ParameterFields
{
    /// <summary>What was typed so far.</summary>
    [Parameter, EditorRequired]
    public required HeatPumpDraft Draft { get; set; }

    /// <summary>What is asked for.</summary>
    [Parameter, EditorRequired]
    public required IReadOnlyList<ParameterDefinition> Definitions { get; set; }

    /// <summary><see cref="HeatPumpDraft.ConnectionPrefix"/> or <see cref="HeatPumpDraft.OptionsPrefix"/>.</summary>
    [Parameter, EditorRequired]
    public required string Prefix { get; set; }

    /// <summary>A field was left and checked.</summary>
    [Parameter]
    public EventCallback Changed { get; set; }

    private Dictionary<string, string> Values => Prefix == HeatPumpDraft.ConnectionPrefix ? Draft.Connection : Draft.Options;

    private bool HasAdvancedError => Definitions.Any(parameter => parameter.IsAdvanced && Draft.Errors.ContainsKey($"{Prefix}.{parameter.Key}"));

    private void Take(string key, string? value)
    {
        if (value is null) Values.Remove(key);
        else Values[key] = value;
    }

    private Task LeaveAsync(ParameterDefinition parameter)
    {
        Draft.Check(Prefix, parameter);
        return Changed.InvokeAsync();
    }
}
