using HPManager.Web.Components.Display;

namespace HPManager.Tests.Web.Components.Display;

public class LifetimeTests
{
    [Fact]
    public void Token_AfterTheEnd_CanBeAskedForAndIsCancelled()
    {
        var lifetime = new Lifetime();
        Assert.False(lifetime.Token.IsCancellationRequested);

        lifetime.Dispose();
        lifetime.Dispose();

        Assert.True(lifetime.Token.IsCancellationRequested);
    }
}
