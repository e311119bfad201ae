using System.Globalization;
using System.Text;
using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Polling;
using HPManager.Core.Text;
using HPManager.Drivers.Husdata.Client;
using HPManager.Drivers.Husdata.Driver;
using HPManager.Drivers.Ebusd.Client;
using HPManager.Drivers.Ebusd.Driver;
using HPManager.Drivers.Luxtronik.Client;
using HPManager.Drivers.Luxtronik.Driver;
using HPManager.Drivers.Luxtronik.Tables;
using HPManager.Drivers.Modbus.Client;
using HPManager.Drivers.Modbus.Driver;
using HPManager.Drivers.Modbus.Profiles;
using HPManager.Drivers.Viessmann.Accounts;
using HPManager.Drivers.Viessmann.Client;
using HPManager.Drivers.Viessmann.Driver;
using HPManager.Tests.Shared;

namespace HPManager.Tests.Documents;

/// <summary>Writes <c>docs/troubleshooting.md</c> from what the drivers say of a heat pump that cannot be read.</summary>
internal static class TroubleshootingDocument
{
    private const string Host = "192.168.1.50";

    public static string Write(IReadOnlyList<Manufacturer> manufacturers)
    {
        var page = new StringBuilder();
        page.Append(
            CultureInfo.InvariantCulture,
            $"""
            # When a heat pump cannot be read

            The connection test of the setup reads a heat pump once, without saving anything, and says within {ConnectionTest.Limit.TotalSeconds:0} s what is wrong and what to do. The page of a
            heat pump that has gone offline says the same. This page is made from the program's own words (`eng/documents`), and a test holds it against them.

            ## What it says, and what to do

            The examples are of a heat pump at {Host}. `cause` is the word in the API.


            """);
        Table(page, "Over the network", OverModbus(Sample<ModbusModel>(manufacturers, "idm/navigator_2_0"), Sample<ModbusModel>(manufacturers, "stiebel_eltron/wpm_system")));
        Table(page, "On a serial line", OnSerialLine(Sample<ModbusModel>(manufacturers, "daikin/altherma_3_homehub")));
        Table(page, "Luxtronik's own protocol", OverLuxtronik(Sample<LuxtronikModel>(manufacturers, "luxtronik/luxtronik_2_1")));
        Table(page, "Through a Husdata gateway", OverHusdata(Sample<HusdataModel>(manufacturers, "thermia/diplomat")));
        Table(page, "Through ebusd", OverEbusd(Sample<EbusdModel>(manufacturers, "vaillant/ebus")));
        Table(page, "Viessmann's cloud", OverViessmann());
        page.Append("## Where access is switched on\n\nWhat a closed port means for each make. Nothing is named here that no source states.\n\n| heat pump | where |\n| --- | --- |\n");
        foreach (var make in manufacturers)
        {
            foreach (var family in make.Models.GroupBy(model => model.Guide.SwitchOn))
                page.Append(CultureInfo.InvariantCulture, $"| {make.Name}: {string.Join(", ", family.Select(model => model.Name))} | {family.Key} |\n");
        }

        page.Append(
            CultureInfo.InvariantCulture,
            $"""

            ## The wrong unit id

            When the configured unit id does not answer, or refuses everything, the connection test reads one value from each of the usual ones: the model's own, then {string.Join(", ", UnitSearch.Usual)}. It asks
            one after the other, at most 2 s each, and writes nothing. It does so over Modbus TCP only, never on a serial line or behind a gateway that carries serial frames, where every
            unit id that is nobody's costs the other devices on the wire a silence; and not at an address that a configured heat pump already uses. A gateway that speaks Modbus TCP is asked
            too: these few reads change nothing behind it. Normal polling never asks another unit id.

            ## The network search finds nothing

            The search of the setup looks only when asked, only on private networks (those of this machine, or those of `Discovery:Ranges`), and asks at most 200 places a second.

            - A heat pump whose access is switched off is not found: switch it on first, as the table above says.
            - Luxtronik controllers are called by a broadcast, which does not leave a container with a network of its own, nor a VLAN; some do not answer it. Every address is asked besides.
            - ebusd is asked at port 8888, where old Luxtronik controllers may listen as well: each is asked in turn, and neither takes the other's question for a command.
            - Ports other than 502 for Modbus and 80 for gateways are asked when they stand in `Discovery:ModbusPorts` and `Discovery:HttpPorts`.
            - "A Modbus device" is one that answers and that nothing tells: choose make and model by hand.
            - A heat pump that is configured already is named without being asked, because many controllers bear one connection only.

            """);
        return page.ToString();
    }

    private static IEnumerable<Failure> OverModbus(ModbusModel model, ModbusModel thatTells)
    {
        var failures = new ModbusFailures(WithoutPlace(model), Connection(model.Profile.DefaultPort, unit: 3));
        yield return new ModbusFailures(model, Connection(model.Profile.DefaultPort, unit: 3, host: "heatpump.local")).Of(Failed(ModbusFault.NameNotFound));
        yield return failures.Of(Failed(ModbusFault.HostUnreachable));
        yield return failures.Of(Failed(ModbusFault.ConnectTimeout));
        yield return failures.Of(Failed(ModbusFault.ConnectionRefused));
        yield return new ModbusFailures(WithoutPlace(model), Connection(1502, unit: 3)).Of(Failed(ModbusFault.ConnectionRefused));
        yield return failures.Of(Failed(ModbusFault.NotModbus, "this looks like HTTP: a web server listens on this port"));
        yield return failures.OfFirstRead(Failed(ModbusFault.ConnectionLost));
        yield return failures.Of(Failed(ModbusFault.ConnectionLost));
        yield return failures.Of(Failed(ModbusFault.Timeout));
        yield return failures.OtherUnit(1);
        yield return failures.Of(Failed(ModbusFault.WrongUnit, "asked unit 3, unit 1 answered"));
        yield return failures.Of(ModbusResult.Refused(ModbusException.GatewayPathUnavailable));
        yield return failures.Of(ModbusResult.Refused(ModbusException.GatewayTargetFailedToRespond));
        yield return failures.Of(ModbusResult.Refused(ModbusException.ServerDeviceBusy));
        yield return failures.WithoutProof(["Flow temperature circuit A", "Mode in effect circuit A"]);
        yield return failures.OtherModel(180, 200);
        var telling = new ModbusFailures(thatTells, Connection(thatTells.Profile.DefaultPort, unit: 1));
        var label = thatTells.Profile.IdentityPoint(thatTells.Key, Settings.Empty)!.Sensor.Label;
        yield return telling.IdentifiedAs(label, 391, ["WPM 3i"]);
        yield return telling.IdentifiedAs(label, 999, []);
        yield return telling.Unidentified(label);
        yield return failures.Of(Failed(ModbusFault.BadLength, "length field 3 where the request calls for 7"));
    }

    private static IEnumerable<Failure> OnSerialLine(ModbusModel model)
    {
        var failures = new ModbusFailures(model, new ConnectionConfig(ModbusConnections.Rtu, new Settings([new(ModbusConnections.Device, "/dev/ttyUSB0")])));
        yield return failures.Of(Failed(ModbusFault.LineNotFound, "there is no serial line /dev/ttyUSB0"));
        yield return failures.Of(Failed(ModbusFault.LineForbidden, "this user may not open /dev/ttyUSB0"));
        yield return failures.Of(Failed(ModbusFault.LineInUse, "/dev/ttyUSB0 is in use"));
        yield return failures.Of(Failed(ModbusFault.LineUnusable, "/dev/ttyUSB0 is no serial line"));
        yield return failures.Of(Failed(ModbusFault.Timeout));
        yield return failures.Of(Failed(ModbusFault.ConnectionLost));
        yield return failures.Of(Failed(ModbusFault.NotModbus));
        yield return failures.Of(Failed(ModbusFault.BadCrc, "the checksum is wrong"));
    }

    private static IEnumerable<Failure> OverLuxtronik(LuxtronikModel model)
    {
        var failures = new LuxtronikFailures(WithoutPlace(model), new LuxtronikEndpoint(Host, null));
        yield return failures.Of(Failed(LuxtronikFault.ConnectionRefused));
        yield return failures.Of(LuxtronikResult.Failed(LuxtronikFault.WrongEcho, "", hasAnswered: false));
        yield return failures.Of(LuxtronikResult.Failed(LuxtronikFault.ConnectionLost, "", hasAnswered: false));
        yield return failures.Of(Failed(LuxtronikFault.Timeout));
        yield return failures.Of(Failed(LuxtronikFault.Busy));
        yield return failures.OtherSeries(FirmwareVersion.Parse(model.Series < 3 ? "V3.92.1" : "V2.88.3"));
    }

    private static IEnumerable<Failure> OverHusdata(HusdataModel model)
    {
        var failures = new HusdataFailures(WithoutPlace(model), new HusdataEndpoint(Host, HusdataEndpoint.UsualPort));
        yield return failures.Of(HusdataAnswer.Failed(HusdataFault.ConnectionRefused, ""));
        yield return failures.Of(HusdataAnswer.Failed(HusdataFault.NotHttp, ""));
        yield return failures.NoJson(isEmpty: false);
        yield return failures.Of(HusdataAnswer.Failed(HusdataFault.Status, "HTTP 404"));
        yield return failures.ApiOff();
        yield return failures.Of(HusdataAnswer.Failed(HusdataFault.Redirected, "HTTP 302"));
        yield return failures.Of(HusdataAnswer.Failed(HusdataFault.TooLarge, $"the answer is longer than {HusdataHttpClient.MaxBody} bytes"));
        yield return HusdataFailures.Broken("the JSON is broken at line 1, byte 12");
        yield return failures.Of(HusdataAnswer.Failed(HusdataFault.Timeout, ""));
        yield return failures.Of(HusdataAnswer.Failed(HusdataFault.ConnectionLost, ""));
        yield return HusdataFailures.NoData(isStarting: false);
        yield return HusdataFailures.NoData(isStarting: true);
        yield return failures.OtherController("00");
        yield return HusdataFailures.ReadOnly("HTTP 404");
    }

    private static IEnumerable<Failure> OverEbusd(EbusdModel model)
    {
        var failures = new EbusdFailures(WithoutPlace(model).Guide, new EbusdEndpoint(Host, EbusdEndpoint.UsualPort));
        yield return failures.Of(EbusdAnswer.Failed(EbusdFault.ConnectionRefused, ""));
        yield return EbusdFailures.OtherProtocol;
        yield return failures.Of(EbusdAnswer.Failed(EbusdFault.Timeout, ""));
        yield return failures.Of(EbusdAnswer.Failed(EbusdFault.ConnectionLost, ""));
        yield return failures.Of(EbusdAnswer.Failed(EbusdFault.LoginRefused, ""));
        yield return EbusdFailures.UnsayableLogin;
        yield return EbusdFailures.NoSignal;
        yield return EbusdFailures.Scanning;
        yield return EbusdFailures.NoHeatPump;
        yield return EbusdFailures.NotWritable("Hot water target");
    }

    private static IEnumerable<Failure> OverViessmann()
    {
        var time = new ManualTime();
        using var http = new CloudHttp(new ViessmannOptions(), time);
        var budget = new CallBudget(time);
        var failures = new ViessmannFailures(http, budget);
        var limit = new CloudLimit("ViCare day limit", CallBudget.FreePlan, new DateTimeOffset(2026, 1, 16, 0, 0, 3, TimeSpan.Zero));
        yield return failures.Of(CloudResult.Failed(CloudFault.SignedOut, ""));
        yield return failures.Of(CloudResult.Failed(CloudFault.GatewayOffline, ""));
        yield return failures.Of(CloudResult.Failed(CloudFault.DeviceOffline, ""));
        yield return failures.Of(CloudResult.Failed(CloudFault.ServiceDown, $"{http.ApiHost} answers 503 with text/html"));
        yield return failures.Of(CloudResult.Failed(CloudFault.Upstream, "502 DEVICE_COMMUNICATION_ERROR INTERNAL_SERVER_ERROR"));
        budget.Exceeded(limit);
        yield return failures.Of(CloudResult.Failed(CloudFault.LimitReached, "") with { Limit = limit, Until = limit.Reset });
        yield return failures.Of(CloudResult.Failed(CloudFault.NotPaid, "402 PACKAGE_NOT_PAID_FOR"));
        yield return failures.Of(CloudResult.Failed(CloudFault.NotTrusted, "its certificate is not one to trust"));
        yield return failures.Of(CloudResult.Failed(CloudFault.Redirected, $"{http.ApiHost} points to example.org instead of answering"));
        yield return failures.Of(CloudResult.Failed(CloudFault.NotJson, $"{http.ApiHost} answers 200 with text/html instead of data"));
        yield return failures.Of(CloudResult.Failed(CloudFault.NameNotFound, http.ApiHost));
        yield return failures.Of(CloudResult.Failed(CloudFault.Unreachable, $"no connection to {http.ApiHost}"));
        yield return failures.Of(CloudResult.Failed(CloudFault.Timeout, $"{http.ApiHost} did not answer within {CloudHttp.Limit.TotalSeconds:0} s"));
        yield return ViessmannFailures.WithoutDevice(new ViessmannPlace("4200001", "7000000000000001", "0"), ["1"]);
        yield return ViessmannFailures.SignInRefused("Client not registered.");
        yield return ViessmannFailures.OfExchange(CloudResult.Failed(CloudFault.Other, "400 invalid_grant"));
        yield return ViessmannFailures.UnknownSignIn;
    }

    private static void Table(StringBuilder page, string title, IEnumerable<Failure> failures)
    {
        page.Append(CultureInfo.InvariantCulture, $"### {title}\n\n| cause | it says | what to do |\n| --- | --- | --- |\n");
        foreach (var failure in failures) page.Append(CultureInfo.InvariantCulture, $"| `{SnakeCaseEnum.Key(failure.Cause)}` | {failure.Message} | {failure.Hint} |\n");
        page.Append('\n');
    }

    private static T Sample<T>(IReadOnlyList<Manufacturer> manufacturers, string name)
        where T : HeatPumpModel => manufacturers.SelectMany(make => make.Models).OfType<T>().Single(model => $"{model.Manufacturer}/{model.Key}" == name);

    private static T WithoutPlace<T>(T model)
        where T : HeatPumpModel => model with { Guide = model.Guide with { SwitchOn = "*Here stands [the place for this make](#where-access-is-switched-on).*" } };

    private static ConnectionConfig Connection(int port, int unit, string host = Host) => new(ModbusConnections.Tcp, new Settings(
    [
        new(ModbusConnections.Host, host),
        new(ModbusConnections.Port, port.ToString(CultureInfo.InvariantCulture)),
        new(ModbusConnections.UnitId, unit.ToString(CultureInfo.InvariantCulture)),
    ]));

    private static ModbusResult Failed(ModbusFault fault, string detail = "") => ModbusResult.Failed(fault, detail);

    private static LuxtronikResult Failed(LuxtronikFault fault) => LuxtronikResult.Failed(fault, "", hasAnswered: true);
}
