using HPManager.Core.HeatPumps;
using HPManager.Drivers.Modbus.Client.Serial;
using Microsoft.AspNetCore.Components;

namespace HPManager.Web.Components.Controls;

/// <summary>The field of one parameter, made from its definition. Checked by its owner when it is left.</summary>
public partial class ParameterField
{
    private IReadOnlyList<string> _lines = [];

    /// <summary>What is asked for.</summary>
    [Parameter, EditorRequired]
    public required ParameterDefinition Definition { get; set; }

    /// <summary>Name among the errors: <c>connection.port</c>.</summary>
    [Parameter, EditorRequired]
    public required string Field { get; set; }

    /// <summary>What was typed; null for nothing.</summary>
    [Parameter, EditorRequired]
    public string? Value { get; set; }

    /// <summary>Something else was typed.</summary>
    [Parameter]
    public EventCallback<string?> ValueChanged { get; set; }

    /// <summary>The field was left.</summary>
    [Parameter]
    public EventCallback Left { get; set; }

    /// <summary>Whether a secret is kept already, that stays unless something is typed.</summary>
    [Parameter]
    public bool IsKept { get; set; }

    /// <summary>What is wrong; null for nothing.</summary>
    [Parameter]
    public string? Error { get; set; }

    private string Id => "field-" + Field.Replace('.', '-');

    private string? DescribedBy => (Error, Definition.Help) switch
    {
        (null, null) => null,
        (null, _) => $"{Id}-help",
        (_, null) => $"{Id}-wrong",
        _ => $"{Id}-wrong {Id}-help",
    };

    private string? Invalid => Error is null ? null : "true";

    private string? Required => Definition.IsRequired ? "true" : null;

    private string? InputMode => Definition.Kind == ParameterKind.Integer ? "numeric" : null;

    private string? Placeholder => Definition.Default ?? (Definition.Kind == ParameterKind.Host ? "192.168.1.20" : null);

    private string? SecretPlaceholder => IsKept ? Value is null ? "kept, not shown" : "will be taken away" : null;

    private IReadOnlyList<string> Chosen => Value?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        if (Definition.Kind == ParameterKind.SerialDevice) _lines = SerialDevices.List();
    }

    private Task TakeAsync(ChangeEventArgs change) => ChangeAsync(change.Value as string ?? "");

    // What was typed and erased again was not meant: the one that is kept stays.
    private Task TakeSecretAsync(ChangeEventArgs change) => ChangeAsync(change.Value is string { Length: > 0 } typed ? typed : null);

    private Task TakeFlagAsync(ChangeEventArgs change) => ChangeAsync(change.Value is true ? "true" : "false");

    private Task TakeChoiceAsync(string key, bool isChosen)
    {
        // In the order of the choices, whatever the order of the clicks.
        var chosen = Definition.Choices.Select(choice => choice.Key).Where(other => other == key ? isChosen : Chosen.Contains(other));
        return ChangeAsync(string.Join(',', chosen));
    }

    private async Task ChangeAsync(string? value)
    {
        await ValueChanged.InvokeAsync(value);
        await Left.InvokeAsync();
    }
}
