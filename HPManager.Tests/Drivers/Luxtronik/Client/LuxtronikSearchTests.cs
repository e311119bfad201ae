using System.Text;
using HPManager.Drivers.Luxtronik.Client;

namespace HPManager.Tests.Drivers.Luxtronik.Client;

public class LuxtronikSearchTests
{
    [Fact]
    public void Request_IsTheKnownDatagram() => Assert.Equal("323030303B3131313B313B00", Convert.ToHexString(LuxtronikSearch.Request));

    [Theory]
    [InlineData("323530303B3131313B383838393B00", 8889)]
    [InlineData("323530303B3131313B3B00", null)]
    public void TryParseReply_OfAController_GivesItsPort(string hex, int? expected)
    {
        Assert.True(LuxtronikSearch.TryParseReply(Convert.FromHexString(hex), out var port));
        Assert.Equal(expected, port);
    }

    [Theory]
    [InlineData("2500;111;0;", null)]
    [InlineData("2500;111;65535;", 65535)]
    [InlineData("2500;111;65536;", null)]
    [InlineData("2500;111;-1;", null)]
    [InlineData("2500;111; 80;", null)]
    [InlineData("2500;111;8889", 8889)]
    [InlineData("2500;111;99999999999999999999;", null)]
    [InlineData("2500;111;", null)]
    public void TryParseReply_OddPorts_AreNoPorts(string reply, int? expected)
    {
        Assert.True(LuxtronikSearch.TryParseReply(Encoding.ASCII.GetBytes(reply), out var port));
        Assert.Equal(expected, port);
    }

    [Fact]
    public void TryParseReply_WhatIsNoReply_IsRefused()
    {
        Assert.False(LuxtronikSearch.TryParseReply(LuxtronikSearch.Request, out _));
        Assert.False(LuxtronikSearch.TryParseReply([], out _));
        Assert.False(LuxtronikSearch.TryParseReply("2500;111"u8, out _));
        Assert.False(LuxtronikSearch.TryParseReply("2500;111;ü;"u8, out _));
        Assert.False(LuxtronikSearch.TryParseReply(Encoding.ASCII.GetBytes("2500;111;8889;" + new string('x', 1024)), out _));
    }

    [Fact]
    public void TryParseReply_AnyBytes_NeverThrowsNorInventsAPort()
    {
        var random = new Random(4444);
        for (var i = 0; i < 100_000; i++)
        {
            var datagram = new byte[random.Next(0, 40)];
            random.NextBytes(datagram);
            if (i % 2 == 0) "2500;111;"u8[..Math.Min(9, datagram.Length)].CopyTo(datagram);
            if (LuxtronikSearch.TryParseReply(datagram, out var port)) Assert.True(port is null or (>= 1 and <= 65535));
            else Assert.Null(port);
        }
    }
}
