using System.Text.Json.Serialization;
using HPManager.Core.Text;

namespace HPManager.Drivers.Husdata.Tables;

/// <summary>How a gateway's firmware scales numbers.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<Scaling>))]
internal enum Scaling
{
    /// <summary>Not known; taken as <see cref="Normalised"/>, and what depends on it is marked.</summary>
    Open,

    /// <summary>It hands through what the heat pump's controller says, as firmware before about the winter of 2022/23.</summary>
    H1Native,

    /// <summary>It multiplies everything but switches, pulses and watts by ten.</summary>
    Normalised,
}
