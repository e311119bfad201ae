using System.Text;
using HPManager.Drivers.Modbus.Profiles;
using HPManager.Drivers.Modbus.Profiles.Owner;

namespace HPManager.Tests.Drivers.Modbus.Profiles;

/// <summary>Profiles mutated at random, seed by seed: each is read or refused with a line, nothing throws, hangs or grows.</summary>
public class ProfileFuzzTests
{
    private const int CasesPerSeed = 4_000;
    private const int MaxBytesPerCase = 20_000_000;

    private const string Header = """
        manufacturer: { key: acme, name: Acme }
        protocol: modbus
        models:
          - { key: one, name: One, description: The first., tags: [one, both] }
          - { key: two, name: Two, tags: [two, both] }
        connection: { kinds: [modbus_tcp, modbus_rtu_over_tcp], port: 502, unit_id: 1, connect_timeout_ms: 5000, request_timeout_ms: 5000 }
        default_interval_s: 30
        blocks:
          holding: { max_words: 60, max_hole: 2, new_request_at: [100, 200], optional_ranges: [300-320, 400-410] }
          input: { max_words: 60, max_hole: 0 }
          coil: { max_words: 200, max_hole: 20 }
        word_order: { read: low_first, write: high_first }
        byte_order: { read: high_first, write: high_first }
        sentinels: { int16: [{ raw: -32768, meaning: not connected }], uint16: [{ raw: 65535, meaning: lacks it, absent: true }] }
        write_rules: { read_back_within_ms: 2000, min_eeprom_interval_s: 60, function: 16 }
        options:
          - { key: circuits, label: Circuits, kind: choices, default: a, choices: [{ key: a, label: A }, { key: b, label: B }] }
          - { key: rooms, label: Rooms, kind: integer, default: 2, min: 1, max: 8 }
        repeats: { circuit: circuits }
        proof: [flow]
        identity: { sensor: id, codes: { 1: one, 2: two, 3: Another } }
        setup_guide: { steps: [Switch it on.], notes: [Beware.], unverified: [] }
        dashboard: [{ title: All, sensors: [flow, id] }, { title: Chart, chart: true, sensors: [flow] }]
        """;

    private const string Registers = """
        key,table,address,type,length,bits,order,plus,scale,offset,unit,access,value,category,label,codes,min,max,limits,step,write_class,refresh_s,signal,circuit,repeat,stride,when,sentinels,optional,models,notes
        flow,holding,10,int16,,,,,0.1,,°C,r,number,temperature,Flow,,-20,90,,,,,flow_temperature,,,,,,,,
        id,input,5,uint16,,,,,,,,r,number,other,Kind,,,,,,,,,,,,,none,,,
        heat,holding,20,uint16,,,,21=1;22=1000,,,kWh,r,counter,energy,Heat,,,,,,,,,,,,,,,one,
        set_{circuit},holding,30,float32,,,cdab/abcd,,,,°C,rw,number,setpoint,Target {circuit},-1=off,10,60,flow;,0.5,setting,300,,Circuit {circuit},circuit,4,,,,both,"Read, then write."
        running,holding,50,uint16,,3,,,,,,r,switch,status,Running,0=off;1=on,,,,,,,compressor_running,,,,,32768=not available,,,
        serial,holding,60,text,6,,badc,,,,,r,text,other,Serial,,,,,,,,,,,,,,yes,two,
        fault,input,70,fault_code,,,,,,,,r,text,fault,Fault,7H=water flow;32766=no fault,,,,,,,,,,,rooms>=3,,,,
        boost,coil,6,bool,,,,,,,,rw,switch,mode,Boost,0=off;1=on,,,,,cyclic,,,,,,,,,,
        """;

    private static readonly string[] Snippets =
        ["\"", "'", ",", ";", "=", "{", "}", "[", "]", "&a ", "*a", "\n", "\r", "\0", "°", "\uFEFF", "𝟙", "-1", "99999999999", "1e400", "NaN", "..", "{circuit}", "yes", "\t", "|", "<<: "];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 5)];

    [Fact]
    public void Read_TheProfileThatIsMutated_IsRight() => Assert.Empty(OwnerProfiles.Check("acme/one", new ProfileFiles(Header, Registers)));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Read_MutatedProfile_IsReadOrRefusedByLine(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < CasesPerSeed; round++)
        {
            var files = random.Next(2) == 0
                ? new ProfileFiles(Mutated(Header, random), Registers)
                : new ProfileFiles(Header, Mutated(Registers, random));
            var before = GC.GetAllocatedBytesForCurrentThread();
            var result = OwnerProfiles.Parse("acme/one", files);
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

            var what = $"seed {seed}, round {round}";
            Assert.True(result.Profile is null == result.Errors.Count > 0, what);
            Assert.True(result.Errors.All(error => error is { Message.Length: > 0 and < 4000, Line: >= 0 }), what);
            Assert.True(allocated < MaxBytesPerCase, $"{what}: {allocated} bytes");
        }
    }

    [Fact]
    public void Read_ProfileWithAThousandErrors_NamesTheFirstAndStops()
    {
        var registers = new StringBuilder("key,table,address,type,label\n");
        for (var row = 0; row < 1000; row++) registers.Append("x,nowhere,-1,furlong,\n");

        var errors = OwnerProfiles.Check("acme/one", new ProfileFiles(Header, registers.ToString()));

        Assert.Equal(21, errors.Count);
        Assert.Equal(2, errors[0].Line);
        Assert.Contains("the rest was not read", errors[^1].Message, StringComparison.Ordinal);
    }

    private static string Mutated(string text, Random random)
    {
        var letters = new StringBuilder(text);
        for (var count = random.Next(1, 6); count > 0 && letters.Length > 0; count--)
        {
            var at = random.Next(letters.Length);
            switch (random.Next(6))
            {
                case 0: letters.Remove(at, Math.Min(random.Next(1, 40), letters.Length - at)); break;
                case 1: letters.Insert(at, Snippets[random.Next(Snippets.Length)]); break;
                case 2: letters[at] = (char)random.Next(1, 0x250); break;
                case 3: letters.Insert(at, letters.ToString(at, Math.Min(random.Next(1, 200), letters.Length - at))); break;
                case 4: letters.Length = at; break;
                default: letters.Insert(at, new string((char)random.Next(32, 127), random.Next(1, 300))); break;
            }
        }

        return letters.ToString();
    }
}
