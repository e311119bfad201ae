using HPManager.Core.History.Engines;
using Npgsql;
using NpgsqlTypes;

namespace HPManager.Core.History.PostgreSql;

/// <summary>
/// Writes a batch in one transaction: all of it is there afterwards, or nothing. Readings come by binary COPY into a table of the transaction and from there into their place,
/// where the later one holds, so that what comes twice is there once.
/// </summary>
internal sealed class PostgreSqlWriter(PostgreSqlTables tables)
{
    private readonly Lock _gate = new();
    private readonly HashSet<DateOnly> _months = [];
    private bool _isPrepared;
    private bool _isPartitioned;

    /// <summary>Forgets what tables are there, because they are not.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            _isPrepared = false;
            _months.Clear();
        }
    }

    /// <summary>Writes it.</summary>
    public async Task<EngineReceipt> WriteAsync(NpgsqlConnection connection, EngineBatch batch, CancellationToken cancellationToken)
    {
        var refusals = new EngineRefusals(batch);
        var readings = new EngineReadings(batch, refusals);
        if (!_isPrepared) await PrepareAsync(connection, cancellationToken);
        await MakeMonthsAsync(connection, batch, readings, cancellationToken);

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var heatPump = await HeatPumpAsync(connection, batch.HeatPump, cancellationToken);
        var sensors = await SensorsAsync(connection, heatPump, batch, readings, cancellationToken);
        await connection.RunAsync(
            """
            CREATE TEMP TABLE arriving (sensor integer NOT NULL, time timestamptz NOT NULL, value double precision NOT NULL) ON COMMIT DROP;
            CREATE TEMP TABLE arriving_polls (time timestamptz NOT NULL, readings integer NOT NULL) ON COMMIT DROP
            """,
            [],
            cancellationToken);
        await CopyReadingsAsync(connection, batch, readings, sensors, cancellationToken);
        await CopyPollsAsync(connection, batch, readings, cancellationToken);
        await connection.RunAsync(
            $"""
            INSERT INTO {tables.Schema}.readings AS kept (sensor, time, value) SELECT sensor, time, value FROM arriving
            ON CONFLICT (sensor, time) DO UPDATE SET value = excluded.value WHERE kept.value IS DISTINCT FROM excluded.value
            """,
            [],
            cancellationToken);
        await connection.RunAsync(
            $"""
            INSERT INTO {tables.Schema}.polls AS kept (heat_pump, time, readings) SELECT $1, time, readings FROM arriving_polls
            ON CONFLICT (heat_pump, time) DO UPDATE SET readings = excluded.readings WHERE kept.readings <> excluded.readings
            """,
            [heatPump],
            cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return refusals.ToReceipt(readings.Count);
    }

    private async Task PrepareAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.RunAsync(PostgreSqlTables.TakeLock, [], cancellationToken);
        if (!await connection.ScalarAsync<bool>(tables.AreThere, [], cancellationToken))
        {
            if (!await connection.ScalarAsync<bool>(tables.SchemaIsThere, [], cancellationToken)) await connection.RunAsync(tables.CreateSchema, [], cancellationToken);
            var withTimescale = await connection.ScalarAsync<bool>(PostgreSqlTables.HasTimescale, [], cancellationToken);
            foreach (var statement in tables.Create(withTimescale)) await connection.RunAsync(statement, [], cancellationToken);
        }

        var isPartitioned = await connection.ScalarAsync<bool>(tables.ArePartitioned, [], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        lock (_gate) (_isPrepared, _isPartitioned) = (true, isPartitioned);
    }

    private async Task MakeMonthsAsync(NpgsqlConnection connection, EngineBatch batch, EngineReadings readings, CancellationToken cancellationToken)
    {
        if (!_isPartitioned) return;
        var months = new SortedSet<DateOnly>();
        for (var poll = 0; poll < batch.Polls.Times.Count; poll++)
        {
            var time = batch.Polls.Times[poll].UtcDateTime;
            if (readings.IsKept(poll)) months.Add(new DateOnly(time.Year, time.Month, 1));
        }

        lock (_gate) months.ExceptWith(_months);
        if (months.Count == 0) return;
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.RunAsync(PostgreSqlTables.TakeLock, [], cancellationToken);
        foreach (var statement in months.SelectMany(tables.Month)) await connection.RunAsync(statement, [], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        lock (_gate) _months.UnionWith(months);
    }

    private async Task<int> HeatPumpAsync(NpgsqlConnection connection, EngineHeatPump heatPump, CancellationToken cancellationToken)
    {
        object?[] values = [heatPump.Id.Value, Text(heatPump.Name), Text(heatPump.Location), heatPump.Manufacturer, heatPump.Model];
        await connection.RunAsync(
            $"""
            INSERT INTO {tables.Schema}.heat_pumps AS kept (key, name, location, manufacturer, model) VALUES ($1, $2, $3::text, $4, $5)
            ON CONFLICT (key) DO UPDATE SET name = excluded.name, location = excluded.location, manufacturer = excluded.manufacturer, model = excluded.model
            WHERE (kept.name, kept.location, kept.manufacturer, kept.model) IS DISTINCT FROM (excluded.name, excluded.location, excluded.manufacturer, excluded.model)
            """,
            values,
            cancellationToken);
        return await connection.ScalarAsync<int>($"SELECT id FROM {tables.Schema}.heat_pumps WHERE key = $1", [heatPump.Id.Value], cancellationToken);
    }

    // Numbers of the sensors that have values, by their position in the batch.
    private async Task<Dictionary<int, int>> SensorsAsync(
        NpgsqlConnection connection, int heatPump, EngineBatch batch, EngineReadings readings, CancellationToken cancellationToken)
    {
        var wanted = Enumerable.Range(0, batch.Polls.Series.Count)
            .Where(series => Enumerable.Range(0, batch.Polls.Times.Count).Any(poll => readings.Value(series, poll) is not null))
            .ToList();
        var known = wanted.ConvertAll(series => batch.HeatPump.Sensors.TryGet(batch.Polls.Series[series].Sensor, out var sensor) ? sensor : null);
        var keys = wanted.Select(series => batch.Polls.Series[series].Sensor.Value).ToArray();
        object?[] values =
        [
            heatPump,
            keys,
            known.Select(sensor => Text(sensor?.Label)).ToArray(),
            known.Select(sensor => sensor is null ? null : Core.Text.SnakeCase.FromPascalCase(sensor.Category.ToString())).ToArray(),
            known.Select(sensor => sensor?.Unit.Symbol).ToArray(),
        ];

        // What is not known any more keeps the words that it had.
        await connection.RunAsync(
            $"""
            INSERT INTO {tables.Schema}.sensors AS kept (heat_pump, key, label, category, unit)
            SELECT $1, u.key, u.label, u.category, u.unit FROM unnest($2::text[], $3::text[], $4::text[], $5::text[]) AS u(key, label, category, unit)
            ON CONFLICT (heat_pump, key) DO UPDATE SET label = excluded.label, category = excluded.category, unit = excluded.unit
            WHERE excluded.label IS NOT NULL AND (kept.label, kept.category, kept.unit) IS DISTINCT FROM (excluded.label, excluded.category, excluded.unit)
            """,
            values,
            cancellationToken);
        var numbers = await connection.RowsAsync(
            $"SELECT key, id FROM {tables.Schema}.sensors WHERE heat_pump = $1 AND key = ANY($2)",
            [heatPump, keys],
            row => (Key: row.GetString(0), Id: row.GetInt32(1)),
            cancellationToken);
        var byKey = numbers.ToDictionary(pair => pair.Key, pair => pair.Id);
        return wanted.ToDictionary(series => series, series => byKey[batch.Polls.Series[series].Sensor.Value]);
    }

    private static async Task CopyReadingsAsync(
        NpgsqlConnection connection, EngineBatch batch, EngineReadings readings, Dictionary<int, int> sensors, CancellationToken cancellationToken)
    {
        await using var copy = await connection.BeginBinaryImportAsync("COPY arriving (sensor, time, value) FROM STDIN (FORMAT BINARY)", cancellationToken);
        foreach (var (series, sensor) in sensors)
        {
            for (var poll = 0; poll < batch.Polls.Times.Count; poll++)
            {
                if (readings.Value(series, poll) is not { } value) continue;
                await copy.StartRowAsync(cancellationToken);
                await copy.WriteAsync(sensor, NpgsqlDbType.Integer, cancellationToken);
                await copy.WriteAsync(MomentOf(batch, poll), NpgsqlDbType.TimestampTz, cancellationToken);
                await copy.WriteAsync(value, NpgsqlDbType.Double, cancellationToken);
            }
        }

        await copy.CompleteAsync(cancellationToken);
    }

    private static async Task CopyPollsAsync(NpgsqlConnection connection, EngineBatch batch, EngineReadings readings, CancellationToken cancellationToken)
    {
        await using var copy = await connection.BeginBinaryImportAsync("COPY arriving_polls (time, readings) FROM STDIN (FORMAT BINARY)", cancellationToken);
        for (var poll = 0; poll < batch.Polls.Times.Count; poll++)
        {
            if (!readings.IsKept(poll)) continue;
            await copy.StartRowAsync(cancellationToken);
            await copy.WriteAsync(MomentOf(batch, poll), NpgsqlDbType.TimestampTz, cancellationToken);
            await copy.WriteAsync(readings.CountOf(poll), NpgsqlDbType.Integer, cancellationToken);
        }

        await copy.CompleteAsync(cancellationToken);
    }

    // Cut to the millisecond, which is what the embedded store keeps too.
    private static DateTime MomentOf(EngineBatch batch, int poll) => DateTimeOffset.FromUnixTimeMilliseconds(batch.Polls.Times[poll].ToUnixTimeMilliseconds()).UtcDateTime;

    // The one letter that PostgreSQL cannot keep.
    private static string? Text(string? text) => text?.Replace("\0", "", StringComparison.Ordinal);
}
