// Writes a manifest resource of an assembly to a file without loading the assembly.
// usage: ExtractResource ASSEMBLY RESOURCE FILE
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

if (args is not [var assemblyPath, var resourceName, var filePath])
{
    await Console.Error.WriteLineAsync("usage: ExtractResource ASSEMBLY RESOURCE FILE");
    return 2;
}

using var assembly = new PEReader(File.OpenRead(assemblyPath));
var metadata = assembly.GetMetadataReader();
var resource = metadata.ManifestResources
    .Select(metadata.GetManifestResource)
    .FirstOrDefault(candidate => metadata.StringComparer.Equals(candidate.Name, resourceName));
if (resource.Name.IsNil)
{
    await Console.Error.WriteLineAsync($"{assemblyPath} has no resource {resourceName}.");
    return 1;
}

var directory = assembly.PEHeaders.CorHeader!.ResourcesDirectory;
var reader = assembly.GetSectionData(directory.RelativeVirtualAddress).GetReader((int)resource.Offset, directory.Size - (int)resource.Offset);
var content = reader.ReadBytes(reader.ReadInt32());
Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(filePath))!);
await File.WriteAllBytesAsync(filePath, content);
return 0;
