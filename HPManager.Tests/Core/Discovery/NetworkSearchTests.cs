using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using HPManager.Core.Discovery;
using HPManager.Core.HeatPumps;
using HPManager.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;

namespace HPManager.Tests.Core.Discovery;

/// <summary>Searches of loopback networks; nothing outside of 127.0.0.0/8 is ever asked.</summary>
public sealed class NetworkSearchTests
{
    [Fact]
    public async Task Search_DevicesThatListen_AreAskedAndNamedAndProgressEndsFull()
    {
        var probe = new PlainProbe();
        using var first = probe.Listen("127.0.8.3");
        using var second = probe.Listen("127.0.8.9");
        using var search = NewSearch(probe, TimeProvider.System);

        Assert.True(search.TryStart([Range("127.0.8.0/28")], out var ended));
        await ended;

        Assert.Equal((SearchStatus.Finished, 14, 14), (search.State.Status, search.State.Done, search.State.Total));
        Assert.Equal(["127.0.8.3", "127.0.8.9"], search.State.Found.Select(sighting => sighting.Address).Order());
    }

    [Fact]
    public async Task Search_ConfiguredHeatPump_IsNamedAsOwnAndNotConnectedTo()
    {
        var probe = new PlainProbe();
        using var listener = probe.Listen("127.0.9.2");
        var own = FakeMake.HeatPump("hp-001", "127.0.9.2");
        own = own with { Connection = own.Connection with { Settings = own.Connection.Settings.With("port", probe.Port.ToString(CultureInfo.InvariantCulture)) } };
        using var search = NewSearch(probe, TimeProvider.System, own);

        Assert.True(search.TryStart([Range("127.0.9.0/29")], out var ended));
        await ended;

        var sighting = Assert.Single(search.State.Found);
        Assert.Equal((own.Id, Certainty.Certain), (sighting.Configured, sighting.Certainty));
        Assert.False(listener.Pending());
        Assert.Empty(probe.Asked);
    }

    [Fact]
    public async Task Search_OnAClockThatStandsStill_AsksNobodyAndNeverFasterThanItsPace()
    {
        var probe = new PlainProbe();
        var time = new ManualTime(DateTimeOffset.UnixEpoch);
        using var search = NewSearch(probe, time);
        Assert.True(search.TryStart([Range("127.0.10.0/24")], out var ended));
        Assert.Equal(0, search.State.Done);

        for (var step = 1; step <= 40; step++)
        {
            time.Advance(TimeSpan.FromMilliseconds(5));
            Assert.InRange(search.State.Done, 0, step);
            await Task.Yield();
        }

        await Eventually.IsTrue(() =>
        {
            time.Advance(TimeSpan.FromMilliseconds(5));
            return search.State.Status == SearchStatus.Finished;
        });
        await ended;
        Assert.Equal(254, search.State.Done);
    }

    [Fact]
    public async Task Cancel_InTheMiddle_EndsAndKeepsWhatWasFound()
    {
        var probe = new PlainProbe();
        using var listener = probe.Listen("127.0.11.1");
        using var search = NewSearch(probe, TimeProvider.System);
        Assert.True(search.TryStart([Range("127.0.11.0/22")], out var ended));
        Assert.False(search.TryStart([Range("127.0.11.0/24")], out _));
        await Eventually.IsTrue(() => search.State.Found.Length == 1);

        search.Cancel();
        await ended.WaitAsync(TimeSpan.FromSeconds(10));

        Assert.Equal(SearchStatus.Cancelled, search.State.Status);
        Assert.Single(search.State.Found);
        Assert.InRange(search.State.Done, 1, 1021);
        Assert.True(search.TryStart([Range("127.0.11.1/32")], out ended));
        await ended;
        Assert.Equal(SearchStatus.Finished, search.State.Status);
    }

    private static AddressRange Range(string text) => AddressRange.TryParse(text, out var range) ? range : throw new ArgumentException(text, nameof(text));

    private static NetworkSearch NewSearch(PlainProbe probe, TimeProvider time, params HeatPump[] configured) =>
        new([probe], [], new MemoryHeatPumpStore(configured), time, NullLogger<NetworkSearch>.Instance);

    /// <summary>Takes whatever listens for a device.</summary>
    private sealed class PlainProbe : INetworkProbe
    {
        public int Port { get; } = FreePort.Next();

        public IReadOnlyList<int> Ports => [Port];

        public ConcurrentQueue<IPAddress> Asked { get; } = [];

        public TcpListener Listen(string address)
        {
            var listener = new TcpListener(IPAddress.Parse(address), Port);
            listener.Start();
            return listener;
        }

        public Task<Sighting?> AskAsync(IPAddress address, int port, CancellationToken cancellationToken)
        {
            Asked.Enqueue(address);
            return Task.FromResult<Sighting?>(new Sighting(address.ToString(), port, "Something", Certainty.Unknown, "It listens."));
        }
    }
}
