using HPManager.Drivers.Luxtronik.Client;
using HPManager.Drivers.Luxtronik.Tables;

namespace HPManager.Drivers.Luxtronik.Driver;

/// <summary>
/// Tells what a heat pump does not have. Sure signs are the length of a block and the configuration. That the controller's display hides something is a
/// hint only: it counts while the entry has stood at a value of nothing and never moved. Used by one session.
/// </summary>
internal sealed class PresenceTracker
{
    private readonly IReadOnlyList<LuxtronikEntry> _entries;
    private readonly int?[] _first;
    private readonly bool[] _moved;

    public PresenceTracker(IReadOnlyList<LuxtronikEntry> entries, IReadOnlyList<string> moved)
    {
        _entries = entries;
        _first = new int?[entries.Count];
        _moved = [.. entries.Select(entry => moved.Contains(entry.Sensor.Key.Value))];
    }

    /// <summary>Keys of the entries seen to move, in their order.</summary>
    public IReadOnlyList<string> Moved => [.. _entries.Where((_, position) => _moved[position]).Select(entry => entry.Sensor.Key.Value)];

    /// <summary>Takes in the entries of a poll.</summary>
    /// <returns>Whether something moved for the first time.</returns>
    public bool Note(LuxtronikBlocks blocks)
    {
        var isNew = false;
        for (var position = 0; position < _entries.Count; position++)
        {
            var entry = _entries[position];
            if (_moved[position] || entry.Visibility is null || blocks.Raw(entry.Block, entry.Index) is not { } raw) continue;
            var first = _first[position] ??= raw;
            _moved[position] = first != raw;
            isNew |= _moved[position];
        }

        return isNew;
    }

    /// <summary>Why the heat pump does not have the entry; null when it has it or may have it.</summary>
    public string? AbsenceOf(int position, LuxtronikBlocks blocks)
    {
        var entry = _entries[position];
        if (blocks.Raw(entry.Block, entry.Index) is not { } raw) return "this firmware does not have it";
        if (entry.Needs?.Allows(blocks) == false) return "this heat pump does not have it (not configured)";
        if (entry.Visibility is not { } visibility || blocks.Raw(LuxtronikBlock.Visibilities, visibility) != 0) return null;
        return !_moved[position] && (raw == 0 || entry.Idle.Contains(raw)) ? "this heat pump does not have it (hidden on its own display)" : null;
    }
}
