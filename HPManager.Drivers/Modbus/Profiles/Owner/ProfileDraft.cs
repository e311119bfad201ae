using HPManager.Core.HeatPumps;
using HPManager.Drivers.Modbus.Client.Serial;

namespace HPManager.Drivers.Modbus.Profiles.Owner;

/// <summary>
/// A profile of one model as an owner describes it, right or wrong: what the editor shows and the import brings. Immutable. Whether it is right only the
/// reader of profiles decides, on <see cref="ToFiles"/>.
/// </summary>
public sealed record ProfileDraft
{
    /// <summary>What a person calls the make.</summary>
    public required string ManufacturerName { get; init; }

    /// <summary>Key of the make: the folder, and <c>manufacturer</c> of the heat pumps.</summary>
    public required string Manufacturer { get; init; }

    /// <summary>What a person calls the model.</summary>
    public required string ModelName { get; init; }

    /// <summary>Key of the model: the folder, and <c>model</c> of the heat pumps.</summary>
    public required string Model { get; init; }

    /// <summary>One sentence about it.</summary>
    public string Description { get; init; } = "";

    /// <summary>Ways to connect, the usual one first: keys of <see cref="ModbusConnections"/>.</summary>
    public IReadOnlyList<string> ConnectionKinds { get; init; } = ModbusConnections.Kinds;

    /// <summary>TCP port.</summary>
    public int Port { get; init; } = 502;

    /// <summary>Unit id.</summary>
    public int UnitId { get; init; } = 1;

    /// <summary>Suggested seconds between polls.</summary>
    public int IntervalSeconds { get; init; } = (int)HeatPump.DefaultInterval.TotalSeconds;

    /// <summary>Longest wait for the connection, 100 to 60,000 ms.</summary>
    public int ConnectTimeoutMs { get; init; } = 5000;

    /// <summary>Longest wait for an answer, 100 to 60,000 ms.</summary>
    public int RequestTimeoutMs { get; init; } = 5000;

    /// <summary>Speed of a serial line, one of <see cref="SerialLine.BaudRates"/>.</summary>
    public int BaudRate { get; init; } = SerialDefaults.Usual.BaudRate;

    /// <summary>Check bit of a serial line.</summary>
    public SerialParity Parity { get; init; } = SerialDefaults.Usual.Parity;

    /// <summary>Stop bits of a serial line, 1 or 2.</summary>
    public int StopBits { get; init; } = SerialDefaults.Usual.StopBits;

    /// <summary>Byte order of values when read.</summary>
    public RegisterOrder Order { get; init; }

    /// <summary>Byte order of values when written; null when it is that of reading.</summary>
    public RegisterOrder? WriteOrder { get; init; }

    /// <summary>Most registers in one request, 1 to 125.</summary>
    public int MaxWords { get; init; } = 60;

    /// <summary>Most registers of nothing that are read along, 0 to 125.</summary>
    public int MaxHole { get; init; }

    /// <summary>Whether single registers are written with function 6 instead of 16.</summary>
    public bool WritesSingly { get; init; }

    /// <summary>How long a written value may take to show, in milliseconds.</summary>
    public int ReadBackWithinMs { get; init; } = 5000;

    /// <summary>Least seconds between two writes to one register of write class <c>eeprom</c>.</summary>
    public int MinEepromSeconds { get; init; } = 60;

    /// <summary>How Modbus is switched on, a sentence or two a step.</summary>
    public IReadOnlyList<string> SetupSteps { get; init; } = [];

    /// <summary>The rows in order, each by column; a column that is not there is empty.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Rows { get; init; } = [];

    /// <summary>The columns that a row may have, in the order in which they are written.</summary>
    public static IReadOnlyList<string> Columns => RegisterTableReader.Columns;

    /// <summary>Name of the profile.</summary>
    public string Name => $"{Manufacturer}/{Model}";

    /// <summary>The files as they are kept. Tables, options and orders that no row uses are left out.</summary>
    public ProfileFiles ToFiles() => new(ProfileDraftWriter.Header(this), ProfileDraftWriter.Registers(this));
}
