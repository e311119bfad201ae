using HPManager.Core.Accounts;
using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Web.Components.Display;
using Microsoft.AspNetCore.Components;

namespace HPManager.Web.Components.Controls;

/// <summary>Chooses a device among those of an account. They are asked for once when none is chosen yet, and taken without asking when there is one only.</summary>
public sealed partial class AccountDeviceField : IDisposable
{
    private readonly Lifetime _lifetime = new();
    private IReadOnlyList<AccountDevice>? _devices;
    private Failure? _failure;
    private string? _askedFor;
    private bool _loading;

    /// <summary>What is asked for.</summary>
    [Parameter, EditorRequired]
    public required ParameterDefinition Definition { get; set; }

    /// <summary>Name among the errors: <c>connection.device</c>.</summary>
    [Parameter, EditorRequired]
    public required string Field { get; set; }

    /// <summary>Key of the device; null before one is chosen.</summary>
    [Parameter, EditorRequired]
    public string? Value { get; set; }

    /// <summary>Id of the account; null before somebody signed in.</summary>
    [Parameter, EditorRequired]
    public string? Account { get; set; }

    /// <summary>A device was chosen.</summary>
    [Parameter]
    public EventCallback<string?> ValueChanged { get; set; }

    /// <summary>The value has changed and can be checked.</summary>
    [Parameter]
    public EventCallback Left { get; set; }

    /// <summary>What is wrong; null for nothing.</summary>
    [Parameter]
    public string? Error { get; set; }

    /// <summary>The clouds.</summary>
    [Inject]
    public required AccountSignIns SignIns { get; set; }

    private string Id => "field-" + Field.Replace('.', '-');

    private string Name => SignIns.Of(Definition.Service ?? "")?.Name ?? "the manufacturer";

    /// <inheritdoc/>
    public void Dispose() => _lifetime.Dispose();

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (string.IsNullOrEmpty(Account) || _askedFor == Account) return;
        var isOther = _askedFor is not null;
        _askedFor = Account;
        if (string.IsNullOrEmpty(Value) || isOther) await LoadAsync();
    }

    private async Task LoadAsync()
    {
        if (_loading || string.IsNullOrEmpty(Account) || SignIns.Of(Definition.Service ?? "") is not { } service) return;
        (_loading, _failure) = (true, null);
        StateHasChanged();
        try
        {
            var (devices, failure) = await service.DevicesAsync(Account, _lifetime.Token);
            (_devices, _failure) = (devices, failure);
        }
        catch (OperationCanceledException) when (_lifetime.Token.IsCancellationRequested)
        {
            return;
        }
        finally
        {
            _loading = false;
        }

        if (_devices is [var only] && string.IsNullOrEmpty(Value)) await ChooseAsync(only.Key);
        StateHasChanged();
    }

    private Task TakeAsync(ChangeEventArgs change) => ChooseAsync(change.Value as string is { Length: > 0 } key ? key : null);

    private async Task ChooseAsync(string? key)
    {
        Value = key;
        await ValueChanged.InvokeAsync(key);
        await Left.InvokeAsync();
    }
}
