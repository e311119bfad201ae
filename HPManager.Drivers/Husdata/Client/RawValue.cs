namespace HPManager.Drivers.Husdata.Client;

/// <summary>What a gateway sent for an index.</summary>
internal enum RawState : byte
{
    /// <summary>Nothing.</summary>
    Absent,

    /// <summary>A number.</summary>
    Number,

    /// <summary>JSON's null.</summary>
    Null,

    /// <summary>The index more than once in one answer.</summary>
    Twice,

    /// <summary>A text, true or false, a list or an object.</summary>
    NoNumber,

    /// <summary>A number with decimals, where only whole ones are sent.</summary>
    NotWhole,

    /// <summary>A number that no register holds.</summary>
    TooLarge,

    /// <summary>A number that a broker has kept, of unknown age.</summary>
    Kept,

    /// <summary>A number of which it is not known yet whether it is in tenths.</summary>
    FormOpen,
}

/// <summary>A number as it came, and when.</summary>
/// <param name="State">What came.</param>
/// <param name="Number">The number; meaningless when it is none.</param>
/// <param name="IsEngineering">Whether it is in the sensor's unit already.</param>
/// <param name="At">When it was true.</param>
internal readonly record struct RawValue(RawState State, double Number, bool IsEngineering, DateTimeOffset At);
