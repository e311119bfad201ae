using System.Diagnostics.CodeAnalysis;

namespace HPManager.Core.Manufacturers;

/// <summary>A source of manufacturers: the drivers' profiles.</summary>
public interface IManufacturerSource
{
    /// <summary>
    /// What can be configured; several sources may add models to one manufacturer. May be called again, by one caller at a time: a model that has not
    /// changed is then the same object, and one that has is another.
    /// </summary>
    IEnumerable<Manufacturer> Load();
}

/// <summary>
/// All that can be configured. Loaded at start, and again when an owner's own profile has changed. Thread-safe; a list that was handed out
/// stays as it is.
/// </summary>
public sealed class ManufacturerRegistry
{
    private readonly IReadOnlyList<IManufacturerSource> _sources;
    private volatile Catalogue _catalogue;

    /// <summary>Collects the manufacturers of all sources.</summary>
    /// <exception cref="ArgumentException">Two models share manufacturer and key.</exception>
    public ManufacturerRegistry(IEnumerable<IManufacturerSource> sources)
    {
        _sources = [.. sources];
        _catalogue = Catalogue.Of(_sources);
    }

    /// <summary>Manufacturers by name.</summary>
    public IReadOnlyList<Manufacturer> All => _catalogue.All;

    /// <summary>Finds a model.</summary>
    public bool TryGetModel(string manufacturer, string model, [NotNullWhen(true)] out HeatPumpModel? found) =>
        _catalogue.Models.TryGetValue((manufacturer, model), out found);

    /// <summary>Make and model for a person: <c>NIBE S1255</c>; a model that is named after its make keeps its name alone.</summary>
    public string FullNameOf(HeatPumpModel model)
    {
        var make = All.FirstOrDefault(known => known.Key == model.Manufacturer)?.Name ?? model.Manufacturer;
        return model.Name.StartsWith($"{make} ", StringComparison.Ordinal) ? model.Name : $"{make} {model.Name}";
    }

    /// <summary>Asks all sources again; models that have not changed are the same objects as before. Heat pumps that run are told by the polling.</summary>
    /// <exception cref="ArgumentException">Two models share manufacturer and key; everything stays as it was.</exception>
    internal void Reload() => _catalogue = Catalogue.Of(_sources);

    private sealed record Catalogue(IReadOnlyList<Manufacturer> All, Dictionary<(string Manufacturer, string Model), HeatPumpModel> Models)
    {
        public static Catalogue Of(IReadOnlyList<IManufacturerSource> sources)
        {
            Manufacturer[] all =
            [
                .. sources.SelectMany(source => source.Load())
                    .GroupBy(manufacturer => manufacturer.Key)
                    .Select(group => new Manufacturer(group.Key, group.First().Name, [.. group.SelectMany(manufacturer => manufacturer.Models)])
                    {
                        Brands = group.Select(manufacturer => manufacturer.Brands).FirstOrDefault(brands => brands.Length > 0) ?? "",
                    })
                    .OrderBy(manufacturer => manufacturer.Name, StringComparer.OrdinalIgnoreCase),
            ];
            return new Catalogue(all, all.SelectMany(manufacturer => manufacturer.Models).ToDictionary(model => (model.Manufacturer, model.Key)));
        }
    }
}
