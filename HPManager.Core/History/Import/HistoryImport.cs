using HPManager.Core.HeatPumps;
using HPManager.Core.History.Import.Csv;
using HPManager.Core.Live;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace HPManager.Core.History.Import;

/// <summary>
/// Takes history from elsewhere into the store, in the background, one import at a time. What it has taken and where it is outlives the program: an import that was ended or
/// interrupted goes on where it was. Doing one again changes nothing. Thread-safe.
/// </summary>
public sealed partial class HistoryImport : IHostedService, IDisposable
{
    /// <summary>Largest file that can be uploaded, in bytes.</summary>
    public const long LargestUpload = 32L * 1024 * 1024 * 1024;

    private readonly ImportFolder _folder;
    private readonly ITimeSeriesStore _store;
    private readonly LiveValues _live;
    private readonly TimeProvider _time;
    private readonly ILogger<HistoryImport> _logger;
    private readonly Lock _gate = new();
    private ImportState _state = new(ImportStatus.None, null, ImportProgress.Empty, null);
    private ImportPlan? _plan;
    private CancellationTokenSource? _cancel;
    private Task _running = Task.CompletedTask;
    private bool _isStopping;

    /// <summary>Creates it; nothing is under way.</summary>
    internal HistoryImport(ImportFolder folder, ITimeSeriesStore store, LiveValues live, TimeProvider time, ILogger<HistoryImport> logger)
    {
        (_folder, _store, _live, _time, _logger) = (folder, store, live, time, logger);
    }

    /// <summary>The newest import as it stands.</summary>
    public ImportState State
    {
        get
        {
            lock (_gate) return _state;
        }
    }

    /// <summary>Looks what a source holds.</summary>
    /// <exception cref="ImportException">It cannot be read.</exception>
    public async ValueTask<ImportSurvey> SurveyAsync(ImportSource source, CancellationToken cancellationToken)
    {
        await using var reader = ReaderOf(source);
        return await Task.Run(async () => await reader.SurveyAsync(cancellationToken), cancellationToken);
    }

    /// <summary>How a file of separated values begins, read as was said or, with null, as it looks.</summary>
    /// <exception cref="ImportException">It cannot be read.</exception>
    public async ValueTask<CsvPreview> LookAsync(string file, CsvSettings? settings, CancellationToken cancellationToken)
    {
        CheckFile(file);
        return await Task.Run(async () => await CsvDetection.LookAsync(file, settings, cancellationToken), cancellationToken);
    }

    /// <summary>Keeps a file that is being uploaded.</summary>
    /// <param name="content">Its bytes; at most <see cref="LargestUpload"/>.</param>
    /// <param name="progress">Told how many have come.</param>
    /// <param name="cancellationToken">Ends it early; nothing stays then.</param>
    /// <returns>Where it is.</returns>
    /// <exception cref="IOException">It cannot be kept.</exception>
    public async Task<string> UploadAsync(Stream content, Action<long>? progress, CancellationToken cancellationToken)
    {
        var file = _folder.NewUpload();
        var isWhole = false;
        try
        {
            await using var kept = new FileStream(file, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous });
            var buffer = new byte[128 * 1024];
            for (var length = 0L; ;)
            {
                var read = await content.ReadAsync(buffer, cancellationToken);
                if (read == 0) break;
                length += read;
                if (length > LargestUpload) throw new ImportException($"The file is larger than {LargestUpload >> 30} GB.");
                await kept.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                progress?.Invoke(length);
            }

            isWhole = true;
            return file;
        }
        finally
        {
            if (!isWhole) File.Delete(file);
        }
    }

    /// <summary>Removes an uploaded file that is not imported after all.</summary>
    public void RemoveUpload(string file)
    {
        lock (_gate)
        {
            if (_plan?.Source.File == file || !_folder.IsUpload(file)) return;
        }

        File.Delete(file);
    }

    /// <summary>Begins an import. The one before is forgotten, and its uploaded file removed.</summary>
    /// <returns>What is wrong with the plan; nothing when it began.</returns>
    public IReadOnlyList<FieldError> Start(ImportPlan plan)
    {
        var errors = Check(plan);
        if (errors.Count > 0) return errors;
        lock (_gate)
        {
            if (_state.IsUnderWay) return [new FieldError("import", "Another import is under way; it ends or is cancelled first.")];
            var progress = new ImportProgress
            {
                Started = _time.GetUtcNow(),
                Series = [.. plan.Mapping.Select(mapping => new SeriesOutcome(mapping.Name, mapping.Sensor))],
            };
            try
            {
                _folder.Save(new ImportFolder.Kept(plan, ImportStatus.Running, progress, null));
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                return [new FieldError("import", $"The data folder cannot be written: {fault.Message}")];
            }

            _folder.RemoveUploads(file => file == plan.Source.File);
            Run(plan, progress);
        }

        return [];
    }

    /// <summary>Goes on with the import that ended early.</summary>
    /// <returns>false when there is none, or the source's password can no longer be read.</returns>
    public bool Resume()
    {
        lock (_gate)
        {
            if (!_state.CanResume || _plan is null || Check(_plan).Count > 0) return false;
            Run(_plan, _state.Progress with { Ended = null });
            return true;
        }
    }

    /// <summary>Ends the import that is under way; what was taken stays, and it can go on later.</summary>
    public void Cancel()
    {
        lock (_gate) _cancel?.Cancel();
    }

    /// <summary>Forgets the import that is over or ended early, with its uploaded file; what was taken stays.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            if (_state.IsUnderWay) return;
            _folder.Forget();
            _folder.RemoveUploads(_ => false);
            _plan = null;
            _state = new ImportState(ImportStatus.None, null, ImportProgress.Empty, null);
        }
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_folder.Load() is { } kept)
            {
                _plan = kept.Plan;
                var status = kept.Status is ImportStatus.Running or ImportStatus.Waiting ? ImportStatus.Interrupted : kept.Status;
                _state = new ImportState(status, WithoutSecrets(kept.Plan), kept.Progress, kept.Fault);
            }

            _folder.RemoveUploads(file => _state.Status != ImportStatus.Finished && file == _plan?.Source.File);
        }

        return Task.CompletedTask;
    }

    /// <summary>Ends what is under way at the next batch; it can go on after the next start.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        Task running;
        lock (_gate)
        {
            _isStopping = true;
            _cancel?.Cancel();
            running = _running;
        }

        await running.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _cancel?.Dispose();

    private static ImportPlan WithoutSecrets(ImportPlan plan) => plan.Source.Server is { } server
        ? plan with { Source = plan.Source with { Server = server with { Secret = null } } }
        : plan;

    // Within the gate.
    private void Run(ImportPlan plan, ImportProgress progress)
    {
        _cancel?.Dispose();
        _cancel = new CancellationTokenSource();
        _plan = plan;
        _state = new ImportState(ImportStatus.Running, WithoutSecrets(plan), progress, null);
        var token = _cancel.Token;
        _running = Task.Run(() => RunAsync(plan, progress, token), CancellationToken.None);
    }

    private async Task RunAsync(ImportPlan plan, ImportProgress begin, CancellationToken cancellationToken)
    {
        Log.Began(_logger, plan.HeatPumpId, plan.Source.Title);
        var (status, fault) = (ImportStatus.Finished, (string?)null);
        try
        {
            await using var reader = ReaderOf(plan.Source);
            var sensors = _live.Get(plan.HeatPumpId)?.Sensors ?? throw new ImportException($"There is no heat pump {plan.HeatPumpId} any more.");
            var run = new ImportRun(plan, sensors, _store, _time, (now, waits) => Show(plan, now, waits));
            await run.RunAsync(reader, begin, now => _folder.Save(new ImportFolder.Kept(plan, ImportStatus.Running, now, null)), cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            status = _isStopping ? ImportStatus.Interrupted : ImportStatus.Cancelled;
        }
#pragma warning disable CA1031 // the edge of the background job: whatever it is, the owner is told, and the import can go on where it was
        catch (Exception wrong)
#pragma warning restore CA1031
        {
            (status, fault) = (ImportStatus.Failed, wrong is ImportException ? wrong.Message : $"A fault in HPManager, its log tells more: {wrong.Message}");
            Log.Failed(_logger, plan.Source.Title, wrong);
        }

        End(plan, status, fault);
    }

    private void End(ImportPlan plan, ImportStatus status, string? fault)
    {
        lock (_gate)
        {
            _state = _state with { Status = status, Fault = fault, Progress = _state.Progress with { Ended = _time.GetUtcNow(), Fraction = status == ImportStatus.Finished ? 1 : _state.Progress.Fraction } };
            try
            {
                _folder.Save(new ImportFolder.Kept(plan, status, _state.Progress, fault));
            }
            catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
            {
                Log.NotKept(_logger, wrong);
            }

            if (status == ImportStatus.Finished) _folder.RemoveUploads(_ => false);
            Log.Ended(_logger, plan.Source.Title, status, _state.Progress.Kept);
        }
    }

    private void Show(ImportPlan plan, ImportProgress progress, string? waits)
    {
        lock (_gate) _state = new ImportState(waits is null ? ImportStatus.Running : ImportStatus.Waiting, WithoutSecrets(plan), progress, waits);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 6100, Level = LogLevel.Information, Message = "History of {HeatPump} is imported from {Source}")]
        public static partial void Began(ILogger logger, HeatPumpId heatPump, string source);

        [LoggerMessage(EventId = 6101, Level = LogLevel.Information, Message = "Import from {Source} ended: {Status}, {Kept} values kept")]
        public static partial void Ended(ILogger logger, string source, ImportStatus status, long kept);

        [LoggerMessage(EventId = 6102, Level = LogLevel.Warning, Message = "Import from {Source} failed; it can go on where it was")]
        public static partial void Failed(ILogger logger, string source, Exception exception);

        [LoggerMessage(EventId = 6103, Level = LogLevel.Warning, Message = "How far the import is could not be written; after a restart it goes on from an earlier place")]
        public static partial void NotKept(ILogger logger, Exception exception);
    }
}
