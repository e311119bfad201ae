using Microsoft.AspNetCore.Components;

namespace HPManager.Web.Components.Devices;

/// <summary>One column of one register, with what is wrong with it beside it.</summary>
public sealed partial class RegisterField
{
    /// <summary>The register.</summary>
    [Parameter, EditorRequired]
    public required RegisterForm Row { get; set; }

    /// <summary>The column.</summary>
    [Parameter, EditorRequired]
    public required string Column { get; set; }

    /// <summary>What a person calls it.</summary>
    [Parameter, EditorRequired]
    public required string Label { get; set; }

    /// <summary>What may be chosen; null for a text.</summary>
    [Parameter]
    public IReadOnlyList<ColumnChoice>? Choices { get; set; }

    /// <summary>What an empty field stands for, or an example.</summary>
    [Parameter]
    public string? Placeholder { get; set; }

    /// <summary>A sentence of help.</summary>
    [Parameter]
    public string? Help { get; set; }

    /// <summary>Keyboard of a phone.</summary>
    [Parameter]
    public string? InputMode { get; set; }

    /// <summary>Whether the label is left to the head of the table where there is one.</summary>
    [Parameter]
    public bool IsBare { get; set; }

    /// <summary>Whether everything is to be right now.</summary>
    [Parameter]
    public bool IsMeantWhole { get; set; }

    /// <summary>What is shown; null for what the column holds.</summary>
    [Parameter]
    public string? Text { get; set; }

    /// <summary>Takes what was typed; the column does when there is none.</summary>
    [Parameter]
    public Action<string?>? Take { get; set; }

    /// <summary>Something else was typed.</summary>
    [Parameter]
    public EventCallback Changed { get; set; }

    private string Id => $"r-{Row.Id}-{Column}-{(Take is null ? "own" : Label.Length)}";

    private string Shown => Text ?? Row[Column];

    private string? Error => Row.ErrorAt(Column, IsMeantWhole);

    private string? Invalid => Error is null ? null : "true";

    private string? DescribedBy => (Error, Help) switch
    {
        (null, null or "") => null,
        (null, _) => $"{Id}-help",
        (_, null or "") => $"{Id}-wrong",
        _ => $"{Id}-wrong {Id}-help",
    };

    // A word that is no choice is shown as it is: nothing that stands in a file is lost by looking at it.
    private IReadOnlyList<ColumnChoice>? Offered =>
        Choices is null || Choices.Any(choice => choice.Word == Shown) ? Choices : [new ColumnChoice(Shown, Shown.Length == 0 ? "choose" : Shown), .. Choices];

    private Task TakeAsync(ChangeEventArgs change)
    {
        if (Take is { } take) take(change.Value as string);
        else Row.Set(Column, change.Value as string);
        return Changed.InvokeAsync();
    }
}
