using System.Globalization;
using System.Text.RegularExpressions;
using HPManager.Tests.Shared;

namespace HPManager.Tests.Web.Components.Charts;

/// <summary>The colours of lines can be told apart by every kind of colour vision (Machado, Oliveira and Fernandes 2009, severity 1) and seen on the surface.</summary>
public sealed partial class PaletteTests
{
    private const double LeastDistance = 20;
    private const double LeastContrast = 3;

    private static readonly Dictionary<string, double[][]> Visions = new()
    {
        ["normal"] = [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
        ["protanopia"] = [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
        ["deuteranopia"] = [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
        ["tritanopia"] = [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
    };

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Series_EveryPairInEveryVision_IsFarApart(int theme)
    {
        var colours = Colours(SeriesColour(), theme);
        Assert.Equal(8, colours.Count);
        foreach (var (vision, matrix) in Visions)
        {
            for (var one = 0; one < colours.Count; one++)
            {
                for (var other = one + 1; other < colours.Count; other++)
                {
                    var distance = Distance(Lab(Seen(matrix, colours[one])), Lab(Seen(matrix, colours[other])));
                    Assert.True(distance >= LeastDistance, $"{vision}: series {one + 1} and {other + 1} are {distance:0.0} apart");
                }
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Series_OnTheSurface_HasContrast(int theme)
    {
        var surface = Luminance(Colours(Surface(), theme).Single());

        Assert.All(Colours(SeriesColour(), theme).Select(Luminance), own =>
            Assert.True((Math.Max(own, surface) + 0.05) / (Math.Min(own, surface) + 0.05) >= LeastContrast));
    }

    private static List<double[]> Colours(Regex variable, int theme) =>
    [
        .. variable.Matches(File.ReadAllText(Repository.PathOf("HPManager.Web/wwwroot/css/theme.css")))
            .Select(match => match.Groups[theme == 0 ? "light" : "dark"].Value)
            .Select(hex => new[] { Channel(hex, 0), Channel(hex, 2), Channel(hex, 4) }),
    ];

    private static double Channel(string hex, int at)
    {
        var value = int.Parse(hex.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
        return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
    }

    private static double[] Seen(double[][] matrix, double[] rgb) =>
        [.. matrix.Select(row => Math.Clamp((row[0] * rgb[0]) + (row[1] * rgb[1]) + (row[2] * rgb[2]), 0, 1))];

    private static double Luminance(double[] rgb) => (0.2126 * rgb[0]) + (0.7152 * rgb[1]) + (0.0722 * rgb[2]);

    private static double[] Lab(double[] rgb)
    {
        var x = Root(((0.4124 * rgb[0]) + (0.3576 * rgb[1]) + (0.1805 * rgb[2])) / 0.95047);
        var y = Root(Luminance(rgb));
        var z = Root(((0.0193 * rgb[0]) + (0.1192 * rgb[1]) + (0.9505 * rgb[2])) / 1.08883);
        return [(116 * y) - 16, 500 * (x - y), 200 * (y - z)];
    }

    private static double Root(double value) => value > 0.008856 ? Math.Cbrt(value) : (7.787 * value) + (16.0 / 116);

    private static double Distance(double[] one, double[] other) => Math.Sqrt(one.Zip(other, (left, right) => (left - right) * (left - right)).Sum());

    [GeneratedRegex("--series-[0-9]: light-dark\\(#(?<light>[0-9a-f]{6}), #(?<dark>[0-9a-f]{6})\\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SeriesColour();

    [GeneratedRegex("--surface: light-dark\\(#(?<light>[0-9a-f]{6}), #(?<dark>[0-9a-f]{6})\\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Surface();
}
