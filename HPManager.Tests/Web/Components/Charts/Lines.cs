using HPManager.Core.HeatPumps;
using HPManager.Core.Live;
using HPManager.Core.Sensors;
using HPManager.Tests.Shared;
using HPManager.Web.Components.Charts;

namespace HPManager.Tests.Web.Components.Charts;

/// <summary>Series and blocks made in a line.</summary>
internal static class Lines
{
    private static readonly FakeMake Make = new();

    public static HeatPumpState State(string id = "hp-001", int seconds = 30) => new()
    {
        HeatPump = FakeMake.HeatPump(id, id, seconds: seconds),
        Model = Make.Model,
        Connection = ConnectionState.Online,
        Since = DateTimeOffset.UnixEpoch,
    };

    public static ChartSeries Of(SensorDefinition sensor, string id = "hp-001") => new(State(id), sensor);
}
