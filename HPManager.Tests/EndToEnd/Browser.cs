using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace HPManager.Tests.EndToEnd;

/// <summary>Debian's Chromium, headless. One a test class; contexts are made per test.</summary>
public sealed class Browser : IAsyncLifetime
{
    /// <summary>Milliseconds; the machine may be busy with other tests.</summary>
    private const int Patience = 30_000;

    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
        "--disable-sync",
    ];

    private IPlaywright _playwright = null!;
    private IBrowser _browser = null!;

    public async Task InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        Assertions.SetDefaultExpectTimeout(Patience);
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = Arguments });
    }

    public async Task DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }

    /// <summary>A fresh visitor.</summary>
    internal async Task<Visitor> OpenAsync(Uri address, Screen screen, ColorScheme colours = ColorScheme.Light)
    {
        var context = await _browser.NewContextAsync(new()
        {
            BaseURL = address.ToString(),
            ViewportSize = screen.Size,
            HasTouch = screen.IsPhone,
            IsMobile = screen.IsPhone,
            DeviceScaleFactor = 1,
            ColorScheme = colours,
            Locale = "en-GB",
            TimezoneId = "Europe/Vienna",
        });
        context.SetDefaultTimeout(Patience);
        return new Visitor(context, await context.NewPageAsync());
    }
}

/// <summary>A size of window.</summary>
internal sealed record Screen(string Name, ViewportSize Size, bool IsPhone)
{
    public static readonly Screen Desktop = new("desktop", new() { Width = 1440, Height = 900 }, IsPhone: false);
    public static readonly Screen Tablet = new("tablet", new() { Width = 820, Height = 1180 }, IsPhone: false);
    public static readonly Screen Phone = new("phone", new() { Width = 390, Height = 844 }, IsPhone: true);
}

/// <summary>A visitor and everything their browser complained about.</summary>
internal sealed class Visitor : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _complaints = new();

    public Visitor(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") _complaints.Enqueue($"{message.Type}: {message.Text}");
        };
        page.PageError += (_, error) => _complaints.Enqueue("exception: " + error);
        page.Response += (_, response) =>
        {
            if (response.Status >= 400) _complaints.Enqueue($"{response.Status} {response.Url}");
        };
    }

    public IPage Page { get; }

    public void AssertNoComplaints() => Assert.Empty(_complaints);

    /// <summary>Nothing may be wider than the window.</summary>
    public async Task AssertNoSidewaysScrollAsync()
    {
        var width = await Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth");
        Assert.True(width <= Page.ViewportSize!.Width, $"the page is {width} px wide in a window of {Page.ViewportSize.Width}");
    }

    public ValueTask DisposeAsync() => _context.DisposeAsync();
}
