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
            .Add(it => it.Definition, definition).Add(it => it.Field, "connection.device").Add(it => it.ValueChanged, (string? value) => taken = value));

        var input = field.Find("input");
        Assert.NotNull(field.Find($"datalist#{input.GetAttribute("list")}"));
        input.Change("/dev/ttyUSB7");

        Assert.Equal("/dev/ttyUSB7", taken);
    }

    [Fact]
    public void Secret_Kept_IsNotShownAndStaysUnlessSomethingIsTyped()
    {
        var taken = new List<string?>();
        var field = Secret(isKept: true, taken);

        var input = field.Find("input");
        Assert.Equal("password", input.GetAttribute("type"));
        Assert.Null(input.GetAttribute("value"));
        Assert.Equal("kept, not shown", input.GetAttribute("placeholder"));
        input.Change("new");
        input.Change("");

        Assert.Equal(["new", null], taken);
    }

    [Fact]
    public void Secret_TakenAway_IsEmpty()
    {
        var taken = new List<string?>();
        Secret(isKept: true, taken).Find("button").Click();

        Assert.Equal([""], taken);
    }

    [Fact]
    public void Secret_NotThereYet_CannotBeTakenAway() => Assert.Empty(Secret(isKept: false, []).FindAll("button"));

    private IRenderedComponent<ParameterField> Secret(bool isKept, List<string?> taken) => _rig.Render<ParameterField>(parameters => parameters
        .Add(it => it.Definition, new ParameterDefinition { Key = "password", Label = "Password", Kind = ParameterKind.Secret })
        .Add(it => it.Field, "connection.password")
        .Add(it => it.IsKept, isKept)
        .Add(it => it.ValueChanged, (string? value) => taken.Add(value)));
}
