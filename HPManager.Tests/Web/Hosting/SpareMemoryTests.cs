using HPManager.Tests.Shared;
using HPManager.Web.Hosting;

namespace HPManager.Tests.Web.Hosting;

public sealed class SpareMemoryTests
{
    [Fact]
    public async Task Runs_GivesBackSoonAfterTheStart_AndThenEveryHour()
    {
        var time = new ManualTime();
        var times = 0;
        using var service = new SpareMemory(time, () => times++);
        await service.StartAsync(default);

        time.Advance(SpareMemory.AfterStart - TimeSpan.FromSeconds(1));
        Assert.Equal(0, times);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, times);
        time.Advance(3 * SpareMemory.Every);
        Assert.Equal(4, times);

        await service.StopAsync(default);
        time.Advance(SpareMemory.Every);
        Assert.Equal(4, times);
    }

    [Fact]
    public void GiveBack_WhateverTheCLibrary_DoesNotFail() => SpareMemory.GiveBack();
}
