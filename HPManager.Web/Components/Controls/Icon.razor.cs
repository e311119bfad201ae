using Microsoft.AspNetCore.Components;

namespace HPManager.Web.Components.Controls;

/// <summary>The pictures HPManager has.</summary>
public enum IconName
{
    /// <summary>Cards.</summary>
    Overview,

    /// <summary>Add.</summary>
    Plus,

    /// <summary>Light theme.</summary>
    Sun,

    /// <summary>Dark theme.</summary>
    Moon,

    /// <summary>The system's theme.</summary>
    Screen,

    /// <summary>Heating.</summary>
    Flame,

    /// <summary>Hot water.</summary>
    Drop,

    /// <summary>Cooling.</summary>
    Snow,

    /// <summary>Defrosting.</summary>
    Thaw,

    /// <summary>Electricity.</summary>
    Bolt,

    /// <summary>Idle, switched off.</summary>
    Pause,

    /// <summary>Not answering.</summary>
    Unplugged,

    /// <summary>A fault, a warning.</summary>
    Alert,

    /// <summary>A note.</summary>
    Note,

    /// <summary>Done, good.</summary>
    Check,

    /// <summary>Change.</summary>
    Pencil,

    /// <summary>Search.</summary>
    Search,

    /// <summary>Chart.</summary>
    Chart,

    /// <summary>Close, remove.</summary>
    Cross,

    /// <summary>Onwards.</summary>
    Forward,

    /// <summary>Back.</summary>
    Back,

    /// <summary>Waiting, age.</summary>
    Clock,

    /// <summary>REST and its page.</summary>
    Code,

    /// <summary>A place.</summary>
    Pin,

    /// <summary>A heat pump.</summary>
    HeatPump,

    /// <summary>A battery.</summary>
    Battery,

    /// <summary>Kept history.</summary>
    Storage,

    /// <summary>A battery that takes power in.</summary>
    BatteryCharging,

    /// <summary>Days.</summary>
    Calendar,

    /// <summary>Two beside each other.</summary>
    Compare,

    /// <summary>To a file.</summary>
    Download,
}

/// <summary>A picture in the colour of the text around it; silent to screen readers, because words always stand beside it.</summary>
public partial class Icon
{
    private static readonly Dictionary<IconName, string> Drawings = new()
    {
        [IconName.Overview] = """<rect x="3" y="3" width="6" height="7" rx="1.5"/><rect x="11" y="3" width="6" height="4" rx="1.5"/><rect x="3" y="13" width="6" height="4" rx="1.5"/><rect x="11" y="10" width="6" height="7" rx="1.5"/>""",
        [IconName.Plus] = """<path d="M10 4v12M4 10h12"/>""",
        [IconName.Sun] = """<circle cx="10" cy="10" r="3.5"/><path d="M10 2.5v1.6M10 15.9v1.6M2.5 10h1.6M15.9 10h1.6M4.7 4.7l1.1 1.1M14.2 14.2l1.1 1.1M4.7 15.3l1.1-1.1M14.2 5.8l1.1-1.1"/>""",
        [IconName.Moon] = """<path d="M16.5 11.6A7 7 0 0 1 8.4 3.5a7 7 0 1 0 8.1 8.1Z"/>""",
        [IconName.Screen] = """<rect x="2.5" y="3.5" width="15" height="10" rx="1.5"/><path d="M7 17h6M10 13.5V17"/>""",
        [IconName.Flame] = """<path d="M10 2.5c.6 3-3.9 5-3.9 9.4a3.9 3.9 0 0 0 7.8.2c0-1.9-.9-3-1.6-4.1-.2 1.3-.8 2-1.6 2.3.5-2.7.6-5.5-.7-7.8Z"/>""",
        [IconName.Drop] = """<path d="M10 2.7c2.7 3.2 5 5.9 5 8.9a5 5 0 0 1-10 0c0-3 2.3-5.7 5-8.9Z"/><path d="M7.6 12.2a2.5 2.5 0 0 0 1.9 2.2"/>""",
        [IconName.Snow] = """<path d="M10 2.5v15M3.5 6.25l13 7.5M16.5 6.25l-13 7.5M8 3.7l2 1.6 2-1.6M8 16.3l2-1.6 2 1.6"/>""",
        [IconName.Thaw] = """<path d="M10 2.5v9M5.5 5l9 5M14.5 5l-9 5"/><path d="M6 14.2c0 .9-.6 1.5-1.3 1.5M10 14.5v3M14 14.2c0 .9.6 1.5 1.3 1.5"/>""",
        [IconName.Bolt] = """<path d="M11 2.5 4.5 11.3H10l-1 6.2 6.5-8.8H10l1-6.2Z"/>""",
        [IconName.Pause] = """<circle cx="10" cy="10" r="7"/><path d="M8.3 7.5v5M11.7 7.5v5"/>""",
        [IconName.Unplugged] = """<path d="M7 3v3.5M13 3v3.5M5.5 6.5h9v2.7a4.5 4.5 0 0 1-2 3.7M7.5 12.9a4.5 4.5 0 0 1-2-3.7V6.5M10 14v3.5M3 3l14 14"/>""",
        [IconName.Alert] = """<path d="M10 3.2 17.3 16H2.7L10 3.2Z"/><path d="M10 8.2v3.6M10 13.9v.1"/>""",
        [IconName.Note] = """<circle cx="10" cy="10" r="7"/><path d="M10 9.2v4.3M10 6.5v.1"/>""",
        [IconName.Check] = """<circle cx="10" cy="10" r="7"/><path d="m6.9 10.2 2.2 2.2 4.1-4.5"/>""",
        [IconName.Pencil] = """<path d="M4 16l.7-3.3L13.3 4.1a1.5 1.5 0 0 1 2.1 0l.5.5a1.5 1.5 0 0 1 0 2.1L7.3 15.3 4 16Z"/>""",
        [IconName.Search] = """<circle cx="9" cy="9" r="5"/><path d="m13 13 4 4"/>""",
        [IconName.Chart] = """<path d="M3 3.5V16.5H17"/><path d="m6 12.5 3-4 2.8 2.3L16 5.5"/>""",
        [IconName.Cross] = """<path d="m5.5 5.5 9 9M14.5 5.5l-9 9"/>""",
        [IconName.Forward] = """<path d="m8 5 5 5-5 5"/>""",
        [IconName.Back] = """<path d="m12 5-5 5 5 5"/>""",
        [IconName.Clock] = """<circle cx="10" cy="10" r="7"/><path d="M10 6.2V10l2.5 1.7"/>""",
        [IconName.Code] = """<path d="m7 6-4 4 4 4M13 6l4 4-4 4"/>""",
        [IconName.Pin] = """<path d="M10 17.5s5.5-4.7 5.5-9a5.5 5.5 0 0 0-11 0c0 4.3 5.5 9 5.5 9Z"/><circle cx="10" cy="8.5" r="1.9"/>""",
        [IconName.HeatPump] = """<rect x="2.5" y="4" width="15" height="12" rx="2"/><circle cx="8.5" cy="10" r="3.6"/><path d="M8.5 6.4c1.2 1 1.2 2.6 0 3.6s-1.2 2.6 0 3.6M4.9 10c1-1.2 2.6-1.2 3.6 0s2.6 1.2 3.6 0M14.8 7.5v.1M14.8 10v.1"/>""",
        [IconName.Battery] = """<rect x="2.5" y="6" width="13" height="8" rx="1.5"/><path d="M17.5 8.5v3M5.5 9v2M8 9v2M10.5 9v2"/>""",
        [IconName.Calendar] = """<rect x="3" y="4.5" width="14" height="12.5" rx="2"/><path d="M3 8.5h14M7 2.8v3M13 2.8v3"/>""",
        [IconName.Compare] = """<path d="M3 13c2.5 0 3-6 5.5-6s3 6 5.5 6"/><path d="M6 15.5c2.5 0 3-6 5.5-6s3 6 5.5 6" stroke-dasharray="1.6 2"/>""",
        [IconName.Storage] = """<ellipse cx="10" cy="4.5" rx="6.5" ry="2.5"/><path d="M3.5 4.5v11c0 1.4 2.9 2.5 6.5 2.5s6.5-1.1 6.5-2.5v-11M3.5 10c0 1.4 2.9 2.5 6.5 2.5s6.5-1.1 6.5-2.5"/>""",
        [IconName.BatteryCharging] = """<rect x="2.5" y="6" width="13" height="8" rx="1.5"/><path d="M17.5 8.5v3M9.7 7.8 7.2 10.3h3.4l-2.4 2.3"/>""",
        [IconName.Download] = """<path d="M10 3v9.5M6 9l4 4 4-4M3.5 16.5h13"/>""",
    };

    /// <summary>Which picture.</summary>
    [Parameter, EditorRequired]
    public IconName Name { get; set; }

    /// <summary>Width and height in CSS pixels.</summary>
    [Parameter]
    public int Size { get; set; } = 20;

    private string Drawing => Drawings[Name];
}
