using HPManager.Drivers.Modbus.Client.Serial;

namespace HPManager.Tests.Drivers.Modbus.Serial;

public sealed class SerialDevicesTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("hpmanager-devices-").FullName;

    private string Devices => Path.Combine(_root, "dev");

    private string Classes => Path.Combine(_root, "sys");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void List_AdaptersAndPorts_AreThereOnceByTheirBestName()
    {
        Make("dev/ttyUSB0");
        Make("dev/ttyUSB1");
        Make("dev/ttyAMA0");
        Make("dev/ttyS0", type: "4");
        Make("dev/ttyS1", type: "0");
        Make("dev/tty1");
        Directory.CreateDirectory(Path.Combine(Devices, "serial", "by-id"));
        File.CreateSymbolicLink(Path.Combine(Devices, "serial", "by-id", "usb-FTDI_RS485-if00-port0"), "../../ttyUSB1");

        Assert.Equal(
            ["serial/by-id/usb-FTDI_RS485-if00-port0", "ttyAMA0", "ttyS0", "ttyUSB0"],
            SerialDevices.List(Devices, Classes).Select(path => Path.GetRelativePath(Devices, path)));
    }

    [Fact]
    public void List_MachineWithout_IsEmpty() => Assert.Empty(SerialDevices.List(Devices, Classes));

    [Fact]
    public void RealPath_NothingThere_IsThePathItself()
    {
        Assert.Equal("/dev/serial/by-id/usb-gone", SerialDevices.RealPath("/dev/serial/by-id/usb-gone"));
        Assert.Equal("/dev/null", SerialDevices.RealPath("/dev/null"));
    }

    private void Make(string path, string? type = null)
    {
        var file = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, "");
        if (type is null) return;
        var folder = Path.Combine(Classes, Path.GetFileName(path));
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "type"), type + "\n");
    }
}
