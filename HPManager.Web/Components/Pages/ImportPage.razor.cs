using HPManager.Drivers.Import;
using HPManager.Web.Components.Display;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;

namespace HPManager.Web.Components.Pages;

/// <summary>Shows what an older configuration would bring, and brings it.</summary>
public sealed partial class ImportPage : IDisposable
{
    private readonly Lifetime _lifetime = new();
    private Dictionary<string, string> _files = [];
    private ImportReport? _report;
    private string? _error;
    private bool _working;

    /// <summary>Does the work.</summary>
    [Inject]
    public required LegacyImport Import { get; set; }

    /// <inheritdoc/>
    public void Dispose() => _lifetime.Dispose();

    private static string Word(ImportOutcome outcome, bool isCheckOnly) => outcome switch
    {
        ImportOutcome.Taken => isCheckOnly ? "Will be taken" : "Taken",
        ImportOutcome.Unchanged => "Here already",
        ImportOutcome.KeptAsEdited => "Kept as edited here",
        _ => "Not taken",
    };

    private static string? ClassOf(ImportOutcome outcome) => outcome switch
    {
        ImportOutcome.NotTaken => "not-taken",
        ImportOutcome.Taken => "taken",
        _ => null,
    };

    private async Task CheckAsync(InputFileChangeEventArgs chosen)
    {
        (_error, _report, _files) = (null, null, []);
        if (chosen.FileCount > LegacyImport.MaxFiles)
        {
            _error = $"At most {LegacyImport.MaxFiles} files at a time.";
            return;
        }

        _working = true;
        try
        {
            foreach (var file in chosen.GetMultipleFiles(LegacyImport.MaxFiles))
            {
                using var reader = new StreamReader(file.OpenReadStream(LegacyImport.MaxFileLength, _lifetime.Token));
                _files[file.Name] = await reader.ReadToEndAsync(_lifetime.Token);
            }

            _report = await Import.RunAsync(_files, checkOnly: true, _lifetime.Token);
        }
        catch (IOException tooLarge)
        {
            _error = $"A file cannot be read: {tooLarge.Message}";
        }
        finally
        {
            _working = false;
        }
    }

    private async Task ImportAsync()
    {
        _working = true;
        try
        {
            _report = await Import.RunAsync(_files, checkOnly: false, _lifetime.Token);
        }
        finally
        {
            _working = false;
        }
    }
}
