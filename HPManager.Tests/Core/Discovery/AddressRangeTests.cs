using System.Net;
using HPManager.Core.Discovery;

namespace HPManager.Tests.Core.Discovery;

public class AddressRangeTests
{
    [Theory]
    [InlineData("192.168.1.0/24", 254, "192.168.1.1", "192.168.1.255")]
    [InlineData("192.168.1.77/24", 254, "192.168.1.1", "192.168.1.255")]
    [InlineData("10.0.0.0/22", 1022, "10.0.0.1", "10.0.3.255")]
    [InlineData("172.31.255.0/30", 2, "172.31.255.1", "172.31.255.3")]
    [InlineData("127.0.0.1/32", 1, "127.0.0.1", "127.0.0.1")]
    [InlineData("127.0.0.9", 1, "127.0.0.9", "127.0.0.9")]
    public void TryParse_PrivateNetwork_HasItsAddresses(string text, int count, string first, string broadcast)
    {
        Assert.True(AddressRange.TryParse(text, out var range));

        Assert.Equal((count, IPAddress.Parse(first), IPAddress.Parse(broadcast)), (range.Count, range.Addresses().First(), range.Broadcast));
        Assert.Equal(count, range.Addresses().Distinct().Count());
        Assert.All(range.Addresses(), address => Assert.True(AddressRange.IsPrivate(address)));
    }

    [Theory]
    [InlineData("192.168.1.0/24", "192.168.1.255", true)]
    [InlineData("192.168.1.0/24", "192.168.2.1", false)]
    [InlineData("127.0.0.9", "127.0.0.9", true)]
    [InlineData("127.0.0.9", "127.0.0.8", false)]
    [InlineData("10.0.0.0/22", "fe80::1", false)]
    public void Contains_Address_IsInTheNetworkOrNot(string text, string address, bool expected)
    {
        Assert.True(AddressRange.TryParse(text, out var range));

        Assert.Equal(expected, range.Contains(IPAddress.Parse(address)));
    }

    [Theory]
    [InlineData("8.8.8.0/24")]
    [InlineData("172.32.0.0/24")]
    [InlineData("192.168.0.0/16")]
    [InlineData("10.0.0.0/8")]
    [InlineData("0.0.0.0/0")]
    [InlineData("192.168.1.0/33")]
    [InlineData("192.168.1/24")]
    [InlineData("fe80::1/64")]
    [InlineData("router.local/24")]
    [InlineData("")]
    [InlineData(null)]
    public void TryParse_WhatMayNotBeSearched_IsNoRange(string? text) => Assert.False(AddressRange.TryParse(text, out _));

    [Fact]
    public void OfThisMachine_IsNeverLargerThanAllowed() => Assert.All(AddressRange.OfThisMachine(), range => Assert.InRange(range.Count, 1, 1022));
}
