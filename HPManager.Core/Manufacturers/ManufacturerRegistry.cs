using System.Diagnostics.CodeAnalysis;

namespace HPManager.Core.Manufacturers;

/// <summary>A source of manufacturers: the drivers' profiles.</summary>
public interface IManufacturerSource
{
    /// <summary>What can be configured; several sources may add models to one manufacturer.</summary>
    IEnumerable<Manufacturer> Load();
}

/// <summary>All that can be configured. Loaded once at start; immutable and thread-safe.</summary>
public sealed class ManufacturerRegistry
{
    private readonly Dictionary<(string Manufacturer, string Model), HeatPumpModel> _models;

    /// <summary>Collects the manufacturers of all sources.</summary>
    /// <exception cref="ArgumentException">Two models share manufacturer and key.</exception>
    public ManufacturerRegistry(IEnumerable<IManufacturerSource> sources)
    {
        All =
        [
            .. sources.SelectMany(source => source.Load())
                .GroupBy(manufacturer => manufacturer.Key)
                .Select(group => new Manufacturer(group.Key, group.First().Name, [.. group.SelectMany(manufacturer => manufacturer.Models)]))
                .OrderBy(manufacturer => manufacturer.Name, StringComparer.OrdinalIgnoreCase),
        ];
        _models = All.SelectMany(manufacturer => manufacturer.Models).ToDictionary(model => (model.Manufacturer, model.Key));
    }

    /// <summary>Manufacturers by name.</summary>
    public IReadOnlyList<Manufacturer> All { get; }

    /// <summary>Finds a model.</summary>
    public bool TryGetModel(string manufacturer, string model, [NotNullWhen(true)] out HeatPumpModel? found) =>
        _models.TryGetValue((manufacturer, model), out found);
}
