using CsvHelper;

namespace HPManager.Drivers.Tables;

/// <summary>A table with its columns' names in the first line.</summary>
internal static class CsvRows
{
    /// <summary>The lines, each by the names of the columns.</summary>
    /// <exception cref="FormatException">There is not even a first line.</exception>
    public static IEnumerable<Dictionary<string, string>> Read(string text)
    {
        using var reader = CsvReader.FromText(text, new CsvReaderOptions { Separator = ',', HasHeader = false });
        if (!reader.Read()) throw new FormatException("The table is empty.");
        var columns = Enumerable.Range(0, reader.FieldCount).Select(reader.GetString).ToArray();
        while (reader.Read())
        {
            var fields = Enumerable.Range(0, reader.FieldCount).Select(reader.GetString).ToArray();
            yield return columns.Zip(fields).ToDictionary(pair => pair.First, pair => pair.Second);
        }
    }
}
