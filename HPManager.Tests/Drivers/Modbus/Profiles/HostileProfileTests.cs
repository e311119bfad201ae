using System.Text;
using HPManager.Drivers.Modbus.Profiles;
using HPManager.Drivers.Modbus.Profiles.Owner;
using Microsoft.Extensions.Logging.Abstractions;

namespace HPManager.Tests.Drivers.Modbus.Profiles;

/// <summary>Profiles of an owner that are broken or meant to break us: named by file and line, and the rest still loads.</summary>
public sealed class HostileProfileTests : IDisposable
{
    private const string Header = """
        manufacturer: { key: acme, name: Acme }
        protocol: modbus
        models:
          - { key: one, name: One, tags: [one] }
        other_tags: [two]
        connection: { kinds: [modbus_tcp], port: 502, unit_id: 1, connect_timeout_ms: 1000, request_timeout_ms: 1000 }
        default_interval_s: 30
        blocks:
          holding: { max_words: 10, max_hole: 0, new_request_at: [] }
          input: { max_words: 10, max_hole: 0, new_request_at: [] }
        word_order: { read: low_first, write: low_first }
        write_rules: { read_back_within_ms: 1000, min_eeprom_interval_s: 60 }
        options:
          - { key: circuits, label: Circuits, kind: choices, default: a, choices: [{ key: a, label: A }, { key: b, label: B }] }
          - { key: extra, label: Extra, kind: flag }
        repeats: { circuit: circuits }
        setup_guide: { steps: [Switch it on.] }
        dashboard:
          - { title: All, sensors: [flow] }
        """;

    private const string Columns =
        "key,table,address,type,scale,unit,access,value,category,label,codes,min,max,model_ranges,step,write_class,signal,signal_models,circuit,"
        + "repeat,stride,when,sentinels,optional,read_alone,models,notes,source";

    private const string Flow = "flow,holding,10,float32,,°C,r,number,temperature,Flow,,,,,,,flow_temperature,,,,,,,,,,,";

    private readonly string _folder = Directory.CreateTempSubdirectory("hpmanager-profiles-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Load_ProfileOfTheOwner_IsThereBesideTheShippedOnes()
    {
        Write("acme", "one", Header, $"{Columns}\n{Flow}\n");

        var (manufacturers, errors) = Load();

        Assert.Empty(errors);
        Assert.Equal(
            ShippedProfiles.Models.Select(model => model.Manufacturer).Append("acme").Distinct().Order(StringComparer.Ordinal), manufacturers.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Load_OneBrokenProfile_LeavesTheOthers()
    {
        Write("acme", "one", Header, $"{Columns}\n{Flow}\n");
        Write("acme", "two", Header.Replace("key: one,", "key: two,", StringComparison.Ordinal), $"{Columns}\n{Flow.Replace("°C", "furlong", StringComparison.Ordinal)}\n");

        var (manufacturers, errors) = Load();

        Assert.Contains("acme", manufacturers);
        var error = Assert.Single(errors);
        Assert.Equal(("acme/two/registers.csv", 2), (error.File, error.Line));
        Assert.Contains("furlong", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_FolderWithoutFilesOrAbsent_IsNoDrama()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "acme", "empty"));

        Assert.Equal("acme/empty/profile.yaml", Assert.Single(Load().Errors).File);
        Assert.Empty(new ModbusManufacturerSource(new ShippedProfiles.SilentDriver(), new OwnerProfiles(Path.Combine(_folder, "nowhere")), NullLogger<ModbusManufacturerSource>.Instance).ProfileErrors);
    }

    [Fact]
    public void Load_ModelThatIsShipped_IsRefused()
    {
        var header = Header.Replace("key: acme, name: Acme", "key: nibe, name: Acme", StringComparison.Ordinal).Replace("key: one,", "key: s1155,", StringComparison.Ordinal);
        Write("nibe", "mine", header, $"{Columns}\n{Flow}\n");

        Assert.Contains("nibe/s_series", Assert.Single(Load().Errors).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("port: 502", "port: 70000", 6, "port")]
    [InlineData("default_interval_s: 30", "default_interval_s: 0", 7, "default_interval_s")]
    [InlineData("default_interval_s: 30", "interval: 30", 7, "interval")]
    [InlineData("protocol: modbus", "protocol: telepathy", 2, "telepathy")]
    [InlineData("read: low_first", "read: sideways", 11, "high_first")]
    [InlineData("sensors: [flow]", "sensors: [flow, fairies]", 19, "fairies")]
    [InlineData("setup_guide:", "proof: [flow, fairies]\nsetup_guide:", 17, "fairies")]
    [InlineData("setup_guide:", "proof: [Flow!]\nsetup_guide:", 17, "sensor key")]
    [InlineData("setup_guide:", "states: [{ key: s, label: S, rules: [] }]\nsetup_guide:", 17, "1 to 50 rules")]
    [InlineData("setup_guide:", "states: [{ key: s, label: S, rules: [{ code: 1, state: a, when: [] }] }]\nsetup_guide:", 17, "1 to 10 conditions")]
    [InlineData("setup_guide:", "states: [{ key: s, label: S, rules: [{ code: 1, state: a, when: [flow] }] }]\nsetup_guide:", 17, "one of its codes")]
    [InlineData("setup_guide:", "states: [{ key: s, label: S, rules: [{ code: 1, state: a, when: [fairies=1] }] }]\nsetup_guide:", 17, "fairies")]
    [InlineData("setup_guide:", "states: [{ key: s, label: S, rules: [{ code: 1, state: a, when: [flow=1] }] }]\nsetup_guide:", 17, "none of the sensor's codes")]
    [InlineData("setup_guide:", "states: [{ key: s, label: S, rules: [{ code: 1, state: a, when: [s=1] }] }]\nsetup_guide:", 17, "calculated itself")]
    [InlineData("setup_guide:", "states: [{ key: s, label: S, rules: [{ code: 1, state: a, when: [x=1] }, { code: 1, state: b, when: [x=2] }] }]\nsetup_guide:", 17, "two different words")]
    [InlineData("setup_guide:", "states: [{ key: s, label: S, rules: [{ code: 1, state: a, when: [x=1] }, { code: 2, state: A, when: [x=2] }] }]\nsetup_guide:", 17, "two codes")]
    [InlineData("setup_guide:", "states: [{ key: s, label: S, access: rw, rules: [{ code: 1, state: a, when: [x=1] }] }]\nsetup_guide:", 17, "write_class")]
    [InlineData("setup_guide:", "states: [{ key: s, label: S, refresh_s: 60, rules: [{ code: 1, state: a, when: [x=1] }] }]\nsetup_guide:", 17, "refresh_s")]
    [InlineData("setup_guide:", "states: [{ key: s, label: S, access: rw, write_class: eeprom, rules: [{ code: 1, state: a, when: [x=1] }] }]\nsetup_guide:", 17, "setting or cyclic")]
    [InlineData("setup_guide:", "states: [{ key: s, label: S, access: rw, write_class: cyclic, rules: [{ code: 1, state: a, when: [x=1] }, { code: 1, state: a, when: [x=2] }] }]\nsetup_guide:", 17, "one rule for each code")]
    [InlineData("key: acme,", "key: ACME,", 1, "snake case")]
    [InlineData("default: a,", "default: z,", 14, "Circuits")]
    [InlineData("{ circuit: circuits }", "{ circuit: extra }", 16, "repeat")]
    [InlineData("steps: [Switch it on.]", "steps: []", 17, "step")]
    [InlineData("{ circuit: circuits }", "{ [a]: x, [b]: y }", 16, "twice")]
    [InlineData("key: b, label: B", "key: 'a,b', label: B", 14, "key of a choice")]
    [InlineData("protocol: modbus", "protocol: modbus\nprotocol: modbus", 3, "YAML")]
    [InlineData("protocol: modbus", "protocol: [", 2, "YAML")]
    public void Read_WrongHeader_IsNamedByLine(string right, string wrong, int line, string says)
    {
        var errors = Read(Header.Replace(right, wrong, StringComparison.Ordinal), $"{Columns}\n{Flow}\n");

        AssertError(errors, "acme/one/profile.yaml", line, says);
    }

    [Theory]
    [InlineData("a: &a [*a]")]
    [InlineData("a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]")]
    [InlineData("a: [[[[[[[[[[[[[[[[[[x]]]]]]]]]]]]]]]]]]")]
    [InlineData("--- a\n--- b")]
    [InlineData("")]
    [InlineData("just a text")]
    [InlineData("\t")]
    [InlineData("? [a, b] : c")]
    public void Read_YamlTrap_IsAnError(string header) => Assert.Single(Read(header, $"{Columns}\n{Flow}\n"));

    [Fact]
    public void Read_DeepNestingWithoutEnd_IsRefusedQuickly() =>
        AssertError(Read(new string('[', 400_000), $"{Columns}\n"), "acme/one/profile.yaml", 1, "deep");

    [Theory]
    [InlineData("flow,holding,65535", "address", 3, "65535")]
    [InlineData("flow,holding,65536", "address", 3, "address")]
    [InlineData("flow,holding,-1", "address", 3, "address")]
    [InlineData("flow,coil,1", "table", 3, "table")]
    [InlineData("Flow!,holding,1", "key", 3, "Flow!")]
    [InlineData("other,holding,1", "duplicate", 3, "already used")]
    public void Read_WrongStartOfLine_IsNamedByLine(string start, string what, int line, string says)
    {
        Assert.NotEmpty(what);
        var first = Flow.Replace("flow,holding,10", "other,holding,20", StringComparison.Ordinal).Replace("flow_temperature", "", StringComparison.Ordinal);
        var errors = Read(Header, $"{Columns}\n{first}\n{Flow.Replace("flow,holding,10", start, StringComparison.Ordinal)}\n");

        AssertError(errors, "acme/one/registers.csv", line, says);
    }

    [Theory]
    [InlineData("float32", "float33", "float32")]
    [InlineData("°C", "stone", "stone")]
    [InlineData(",r,", ",x,", "access")]
    [InlineData(",r,", ",rw,", "write_class")]
    [InlineData(",number,", ",code,", "codes")]
    [InlineData(",temperature,", ",weather,", "category")]
    [InlineData("flow_temperature", "flow_temprature", "signal")]
    [InlineData("Flow,,,,", "Flow,1=a;1=b,,,", "twice")]
    [InlineData("Flow,,,,", "Flow,one=a,,,", "whole number")]
    [InlineData("Flow,,,,", "Flow,,5,1,", "min")]
    [InlineData("Flow,,,,", "Flow,,NaN,1,", "NaN")]
    [InlineData("Flow,,,,", "Flow,,,,", "fields", 1)]
    [InlineData("Flow", "Fl\"ow", "CSV")]
    [InlineData("Flow", "\"Flow", "CSV")]
    public void Read_WrongField_IsNamedByLine(string right, string wrong, string says, int missing = 0)
    {
        var errors = Read(Header, $"{Columns}\n{Flow.Replace(right, wrong, StringComparison.Ordinal)[..^missing]}\n");

        AssertError(errors, "acme/one/registers.csv", 2, says);
    }

    [Theory]
    [InlineData("source", "sauce", "sauce")]
    [InlineData("source", "notes", "twice")]
    [InlineData(",label", "", "missing")]
    public void Read_WrongColumns_IsAnErrorOfTheFirstLine(string right, string wrong, string says) =>
        AssertError(Read(Header, $"{Columns.Replace(right, wrong, StringComparison.Ordinal)}\n{Flow}\n"), "acme/one/registers.csv", 1, says);

    [Fact]
    public void Read_SignalTwice_IsAnError() =>
        AssertError(Read(Header, $"{Columns}\n{Flow}\n{Flow.Replace("flow,", "other,", StringComparison.Ordinal)}\n"), "acme/one/registers.csv", 3, "more than one");

    [Fact]
    public void Read_EveryWrongLine_IsReported()
    {
        var wrong = Flow.Replace("°C", "stone", StringComparison.Ordinal);

        Assert.Equal([2, 4], Read(Header, $"{Columns}\n{wrong}\n{Flow}\n{wrong}\n").Select(error => error.Line));
    }

    [Fact]
    public void Read_ManyWrongLines_StopsReporting() =>
        Assert.InRange(Read(Header, $"{Columns}\n{string.Concat(Enumerable.Repeat("x\n", 10_000))}").Count, 1, 30);

    [Theory]
    [InlineData(600 * 1024, 0, "profile.yaml")]
    [InlineData(0, 6 * 1024 * 1024, "registers.csv")]
    public void Read_HugeFile_IsRefused(int headerPadding, int registerPadding, string file)
    {
        var errors = Read($"{Header}\n#{new string('x', headerPadding)}", $"{Columns}\n{Flow}\n{new string('x', registerPadding)}");

        AssertError(errors, $"acme/one/{file}", 0, "larger");
    }

    [Fact]
    public void Read_MoreSensorsThanAModelMayHave_IsRefused()
    {
        var choices = string.Join(", ", Enumerable.Range(0, 600).Select(number => $"{{ key: c{number}, label: C{number} }}"));
        var header = Header.Replace("{ key: b, label: B }", choices, StringComparison.Ordinal);
        var rows = Enumerable.Range(0, 10).Select(number =>
            $"x{number}_{{circuit}},holding,{number},int16,,,r,number,other,X{number} {{circuit}},,,,,,,,,,circuit,10,,,,,,,");

        AssertError(Read(header, $"{Columns}\n{Flow}\n{string.Join('\n', rows)}\n"), "acme/one/registers.csv", 0, "5000");
    }

    [Fact]
    public void Read_AnyDamagedText_IsAProfileOrErrorsAndNeverAnException()
    {
        var random = new Random(20260115);
        var registers = $"{Columns}\n{Flow}\n";
        for (var round = 0; round < 1000; round++)
        {
            Read(Damage(Header, random), registers);
            Read(Header, Damage(registers, random));
        }
    }

    [Fact]
    public void Read_NotUtf8_IsRefused()
    {
        var result = ProfileReader.Read("acme/one", _ => new MemoryStream([0xFF, 0xFE, 0x00, 0xC3, 0x28]));

        Assert.Contains("UTF-8", Assert.Single(result.Errors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_TextsWithByteOrderMarkAndWindowsLines_AreRead()
    {
        var header = "\uFEFF" + Header.ReplaceLineEndings("\r\n");
        var result = ReadResult(header, $"\uFEFF{Columns}\r\n{Flow}\r\n");

        Assert.Empty(result.Errors);
        Assert.NotNull(result.Profile);
    }

    private static string Damage(string text, Random random)
    {
        const string Letters = "[]{}:,-'\"&*#|>%@`!?~\n\t 0a\0\u2028";
        var damaged = new StringBuilder(text);
        for (var change = random.Next(1, 6); change > 0; change--)
        {
            var at = random.Next(damaged.Length);
            switch (random.Next(3))
            {
                case 0: damaged[at] = Letters[random.Next(Letters.Length)]; break;
                case 1: damaged.Insert(at, Letters[random.Next(Letters.Length)]); break;
                default: damaged.Remove(at, Math.Min(random.Next(1, 30), damaged.Length - at)); break;
            }

            if (damaged.Length == 0) return "";
        }

        return damaged.ToString();
    }

    private static void AssertError(IReadOnlyList<ProfileError> errors, string file, int line, string says)
    {
        var error = Assert.Single(errors);
        Assert.Equal(file, error.File);
        if (line > 0) Assert.Equal(line, error.Line);
        Assert.Contains(says, error.Message, StringComparison.OrdinalIgnoreCase);
    }

    private static IReadOnlyList<ProfileError> Read(string header, string registers)
    {
        var result = ReadResult(header, registers);
        Assert.Equal(result.Errors.Count == 0, result.Profile is not null);
        return result.Errors;
    }

    private static ProfileResult ReadResult(string header, string registers) =>
        ProfileReader.Read("acme/one", file => new MemoryStream(Encoding.UTF8.GetBytes(file == "profile.yaml" ? header : registers)));

    private (IReadOnlyList<string> Manufacturers, IReadOnlyList<ProfileError> Errors) Load()
    {
        var source = new ModbusManufacturerSource(new ShippedProfiles.SilentDriver(), new OwnerProfiles(_folder), NullLogger<ModbusManufacturerSource>.Instance);
        var manufacturers = source.Load().Select(manufacturer => manufacturer.Key).ToList();
        return (manufacturers, source.ProfileErrors);
    }

    private void Write(string make, string model, string header, string registers)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, make, model)).FullName;
        File.WriteAllText(Path.Combine(folder, "profile.yaml"), header);
        File.WriteAllText(Path.Combine(folder, "registers.csv"), registers);
    }
}
