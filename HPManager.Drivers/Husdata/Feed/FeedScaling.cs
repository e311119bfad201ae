using HPManager.Drivers.Husdata.Tables;

namespace HPManager.Drivers.Husdata.Feed;

/// <summary>In what form a gateway publishes numbers.</summary>
internal enum FeedForm
{
    /// <summary>Not known yet.</summary>
    Auto,

    /// <summary>In the sensor's unit: 31.2.</summary>
    Engineering,

    /// <summary>As over HTTP: 312.</summary>
    Raw,
}

/// <summary>Finds out in what form a gateway publishes: a decimal point tells at once, several temperatures without one tell too. One user at a time.</summary>
internal sealed class FeedScaling(FeedForm setting)
{
    // That four temperatures are whole degrees by chance: one in ten thousand.
    private const int EnoughPlain = 4;

    private readonly HashSet<HusdataIndex> _plain = [];
    private bool _hasPoint;

    /// <summary>The form as far as it is known.</summary>
    public FeedForm Form => setting != FeedForm.Auto ? setting
        : _hasPoint ? FeedForm.Engineering
        : _plain.Count >= EnoughPlain ? FeedForm.Raw : FeedForm.Auto;

    /// <summary>Takes a number into account.</summary>
    public void Note(HusdataIndex index, double number, bool hasPoint)
    {
        if (hasPoint) _hasPoint = true;
        else if (index.DataType == 0 && number != 0) _plain.Add(index);
    }
}
