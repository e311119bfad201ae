using System.Data.Common;
using HPManager.Core.Accounts;
using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Web.Components.Display;
using HPManager.Web.SignIn;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace HPManager.Web.Components.Controls;

/// <summary>
/// Signs in at a manufacturer's cloud, in another tab, and goes on by itself when that is done. The address that the browser ended at can be pasted instead.
/// </summary>
public sealed partial class AccountField : IDisposable
{
    // The clouds forget a sign-in that was begun; one that lies behind an open page is begun anew before that.
    private static readonly TimeSpan Anew = TimeSpan.FromMinutes(10);

    private readonly Lifetime _lifetime = new();
    private IReadOnlyList<Account> _accounts = [];
    private SignInStart? _start;
    private (string? ClientId, Uri Redirect, string? Account) _startedFor;
    private IDisposable? _watching;
    private ITimer? _timer;
    private Failure? _failure;
    private string? _pasted;
    private string? _pasteError;
    private bool _waiting;
    private bool _completing;
    private bool _copied;
    private bool _viaLocalhost;

    /// <summary>What is asked for.</summary>
    [Parameter, EditorRequired]
    public required ParameterDefinition Definition { get; set; }

    /// <summary>Name among the errors: <c>connection.account</c>.</summary>
    [Parameter, EditorRequired]
    public required string Field { get; set; }

    /// <summary>Id of the account; null before there is one.</summary>
    [Parameter, EditorRequired]
    public string? Value { get; set; }

    /// <summary>The owner's client id; null before it was typed.</summary>
    [Parameter, EditorRequired]
    public string? ClientId { get; set; }

    /// <summary>An account was signed in.</summary>
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

    /// <summary>Accounts that are there.</summary>
    [Inject]
    public required IAccountStore Store { get; set; }

    /// <summary>Tells where the browser finds HPManager.</summary>
    [Inject]
    public required NavigationManager Navigation { get; set; }

    /// <summary>The browser, for its clipboard.</summary>
    [Inject]
    public required IJSRuntime Browser { get; set; }

    /// <summary>Writes moments.</summary>
    [Inject]
    public required Viewer Viewer { get; set; }

    /// <summary>Clock.</summary>
    [Inject]
    public required TimeProvider Time { get; set; }

    private string Id => "field-" + Field.Replace('.', '-');

    private IAccountSignIn? SignIn => SignIns.Of(Definition.Service ?? "");

    private string Name => SignIn?.Name ?? "the manufacturer";

    private Account? Chosen => _accounts.FirstOrDefault(account => account.Id == Value);

    private bool IsLocal => Here.IsLoopback || Here.Scheme == Uri.UriSchemeHttps;

    private Uri Here => new(Navigation.BaseUri);

    private Uri Redirect => new(
        _viaLocalhost ? new UriBuilder(Uri.UriSchemeHttp, "localhost", Here.Port).Uri : Here, SignInEndpoint.PathOf(Definition.Service ?? ""));

    /// <inheritdoc/>
    public void Dispose()
    {
        _lifetime.Dispose();
        _watching?.Dispose();
        _timer?.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        _timer = Time.CreateTimer(
            state =>
            {
                _ = InvokeAsync(() => Begin(isAnew: true));
            },
            null,
            Anew,
            Anew);
        await LoadAsync();
    }

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        Begin(isAnew: false);

        // Who has signed in with this client id already need not do so again for a second heat pump.
        if (!string.IsNullOrEmpty(Value) || _accounts.FirstOrDefault(account => account.ClientId == ClientId?.Trim() && account.Secret is not null) is not { } known) return;
        await TakeAsync(known.Id);
    }

    private async Task LoadAsync()
    {
        try
        {
            _accounts = await Store.ListAsync(Definition.Service ?? "", _lifetime.Token);
        }
        catch (Exception fault) when (fault is DbException or IOException)
        {
            _failure = new Failure(FailureCause.Misconfigured, "The accounts cannot be read now.", "HPManager's log says why.");
        }
        catch (OperationCanceledException) when (_lifetime.Token.IsCancellationRequested)
        {
            // The page was left.
        }
    }

    private void Begin(bool isAnew)
    {
        var clientId = string.IsNullOrWhiteSpace(ClientId) ? null : ClientId.Trim();
        var wanted = (clientId, Redirect, Value);
        if ((!isAnew && wanted == _startedFor) || (isAnew && _waiting)) return;
        _startedFor = wanted;
        _watching?.Dispose();
        _watching = null;
        _start = clientId is null ? null : SignIn?.Begin(new SignInRequest(clientId, Redirect, string.IsNullOrEmpty(Value) ? null : Value));
        if (_start is { } start) _watching = SignIns.Watch(start.Ticket, result => _ = InvokeAsync(() => EndAsync(result)));
        StateHasChanged();
    }

    private void UseLocalhost(bool isWanted)
    {
        _viaLocalhost = isWanted;
        Begin(isAnew: false);
    }

    private async Task EndAsync(SignInResult result)
    {
        if (_lifetime.Token.IsCancellationRequested) return;
        (_waiting, _completing, _failure, _pasted, _pasteError) = (false, false, result.Failure, null, null);
        await LoadAsync();
        if (result.Account is { } account) await TakeAsync(account.Id);

        // The ticket is used up, whatever came of it.
        _startedFor = default;
        Begin(isAnew: false);
        StateHasChanged();
    }

    private async Task TakeAsync(string account)
    {
        Value = account;
        await ValueChanged.InvokeAsync(account);
        await Left.InvokeAsync();
    }

    private async Task TakePastedAsync()
    {
        if (!SignInReturn.TryParse(_pasted, out var answer))
        {
            _pasteError = "That is not the address: it has to contain code= and state=.";
            return;
        }

        (_completing, _pasteError) = (true, null);
        var isMine = answer.Ticket == _start?.Ticket;
        var result = await SignIns.CompleteAsync(Definition.Service ?? "", answer, CancellationToken.None);
        if (!isMine && result is not null) await EndAsync(result);
    }

    private async Task CopyAsync()
    {
        await using var module = await Browser.InvokeAsync<IJSObjectReference>("import", _lifetime.Token, Viewer.Module);
        _copied = await module.InvokeAsync<bool>("copy", _lifetime.Token, $"{Id}-redirect");
    }
}
