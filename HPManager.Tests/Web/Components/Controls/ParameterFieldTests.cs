using Bunit;
using HPManager.Core.HeatPumps;
using HPManager.Web.Components.Controls;

namespace HPManager.Tests.Web.Components.Controls;

public sealed class ParameterFieldTests : IDisposable
{
    private readonly PagesRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void SerialDevice_TypedPath_IsTakenWhetherItIsOfferedOrNot()
    {
        string? taken = null;
        var definition = new ParameterDefinition { Key = "device", Label = "Serial line", Kind = ParameterKind.SerialDevice, IsRequired = true };
        var field = _rig.Render<ParameterField>(parameters => parameters
            .Add(it => it.Definition, definition).Add(it => it.Field, "connection.device").Add(it => it.ValueChanged, (string value) => taken = value));

        var input = field.Find("input");
        Assert.NotNull(field.Find($"datalist#{input.GetAttribute("list")}"));
        input.Change("/dev/ttyUSB7");

        Assert.Equal("/dev/ttyUSB7", taken);
    }
}
