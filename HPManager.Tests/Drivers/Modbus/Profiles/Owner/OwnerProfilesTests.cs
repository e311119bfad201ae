using HPManager.Core.Manufacturers;
using HPManager.Drivers.Modbus.Client.Serial;
using HPManager.Drivers.Modbus.Profiles;
using HPManager.Drivers.Modbus.Profiles.Owner;
using Microsoft.Extensions.Logging.Abstractions;

namespace HPManager.Tests.Drivers.Modbus.Profiles.Owner;

/// <summary>Profiles that the program keeps for an owner.</summary>
public sealed class OwnerProfilesTests : IDisposable
{
    private static readonly ProfileDraft Draft = new()
    {
        ManufacturerName = "Cellar \"No. 1\"",
        Manufacturer = "cellar",
        ModelName = "Meter \\ heat",
        Model = "meter",
        Description = "Hangs on the wall: 3 wires, # 2.",
        Port = 1502,
        UnitId = 7,
        IntervalSeconds = 60,
        Order = RegisterOrder.Dcba,
        WriteOrder = RegisterOrder.Cdab,
        ConnectTimeoutMs = 2000,
        RequestTimeoutMs = 3000,
        BaudRate = 19_200,
        Parity = SerialParity.Even,
        StopBits = 2,
        ReadBackWithinMs = 15_000,
        MinEepromSeconds = 600,
        MaxWords = 20,
        MaxHole = 3,
        WritesSingly = true,
        SetupSteps = ["Open the lid, press \"M\"."],
        Rows =
        [
            new Dictionary<string, string> { ["key"] = "flow", ["table"] = "input", ["address"] = "4", ["type"] = "float32", ["label"] = "Flow, \"hot\"", ["unit"] = "°C" },
            new Dictionary<string, string> { ["key"] = "valve", ["table"] = "coil", ["address"] = "1", ["type"] = "bool", ["label"] = "Valve" },
        ],
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("hpmanager-owned-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void ToFiles_Draft_IsAProfileAndComesBackTheSame()
    {
        var files = Draft.ToFiles();

        Assert.Empty(OwnerProfiles.Check(Draft.Name, files));
        var back = ProfileDraftReader.Read(files, out var errors);
        Assert.Empty(errors);
        Assert.Equivalent(Draft, back);
    }

    [Fact]
    public void Read_FilesThatSayMoreThanADraft_AreLeftToTheirFiles()
    {
        var files = Draft.ToFiles();
        files = files with { Header = files.Header + "proof: [flow]\n" };

        Assert.Empty(OwnerProfiles.Check(Draft.Name, files));
        Assert.Null(ProfileDraftReader.Read(files, out var errors));
        Assert.Empty(errors);
    }

    [Fact]
    public void Save_RightFiles_AreThereAndReplaceTheOldOnes()
    {
        var owned = new OwnerProfiles(_folder);

        Assert.Empty(owned.Save(Draft.Name, Draft.ToFiles()));
        Assert.Empty(owned.Save(Draft.Name, (Draft with { Port = 502 }).ToFiles()));

        Assert.Equal(["cellar/meter"], owned.Names);
        Assert.Contains("port: 502", owned.Read(Draft.Name)!.Header, StringComparison.Ordinal);
        Assert.Equal(["meter"], Directory.GetDirectories(Path.Combine(_folder, "cellar")).Select(Path.GetFileName));
    }

    [Fact]
    public void Save_WrongFiles_ChangesNothingAndNamesTheLine()
    {
        var owned = new OwnerProfiles(_folder);
        owned.Save(Draft.Name, Draft.ToFiles());

        var errors = owned.Save(Draft.Name, Draft.ToFiles() with { Registers = "key,table,address,type,label\nflow,input,x,int16,Flow\n" });

        Assert.Equal(("cellar/meter/registers.csv", 2), (errors[0].File, errors[0].Line));
        Assert.Equal(Draft.ToFiles(), owned.Read(Draft.Name));
    }

    [Theory]
    [InlineData("../evil")]
    [InlineData("a/../../b")]
    [InlineData("/etc/passwd")]
    [InlineData("one")]
    [InlineData("A/b")]
    [InlineData("a/b.new")]
    public void Save_WhatIsNoName_IsNeverAPath(string name)
    {
        var owned = new OwnerProfiles(_folder);

        Assert.Throws<ArgumentException>(() => owned.Save(name, Draft.ToFiles()));
        Assert.Null(owned.Read(name));
        owned.Remove(name);
    }

    [Fact]
    public void Names_AfterACrashBetweenTheMoves_HaveTheNewFiles()
    {
        var owned = new OwnerProfiles(_folder);
        owned.Save(Draft.Name, Draft.ToFiles());
        var path = Path.Combine(_folder, "cellar", "meter");
        Directory.Move(path, path + ".new");
        Directory.CreateDirectory(path + ".old");

        Assert.Equal(["cellar/meter"], owned.Names);
        Assert.Equal(Draft.ToFiles(), owned.Read(Draft.Name));
    }

    [Fact]
    public void Load_Again_GivesNewModelsOnlyWhereFilesChanged()
    {
        var owned = new OwnerProfiles(_folder);
        owned.Save(Draft.Name, Draft.ToFiles());
        owned.Save("cellar/other", (Draft with { Model = "other" }).ToFiles());
        var source = new ModbusManufacturerSource(new ShippedProfiles.SilentDriver(), owned, NullLogger<ModbusManufacturerSource>.Instance);
        var before = Models(source);

        owned.Save(Draft.Name, (Draft with { Port = 503 }).ToFiles());
        var after = Models(source);

        Assert.NotSame(before["meter"], after["meter"]);
        Assert.Equal([.. before.Keys.Where(key => key != "meter")], before.Keys.Where(key => ReferenceEquals(before[key], after[key])));
    }

    private static Dictionary<string, HeatPumpModel> Models(ModbusManufacturerSource source) =>
        source.Load().SelectMany(make => make.Models).ToDictionary(model => model.Key);
}
