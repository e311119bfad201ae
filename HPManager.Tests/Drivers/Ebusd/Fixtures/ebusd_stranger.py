"""A client of ebusd's line protocol written from the protocol page alone, with plain sockets. Prints what it read as JSON.

usage: ebusd_stranger.py PORT
"""
import json
import socket
import sys


class Ebusd:
    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=10)

    def raw(self, data, wait=10.0):
        self.socket.settimeout(wait)
        self.socket.sendall(data)
        received = b""
        try:
            while not received.endswith(b"\n\n"):
                part = self.socket.recv(65536)
                if not part:
                    break
                received += part
        except TimeoutError:
            pass
        return received.decode()

    def ask(self, line):
        answer = self.raw(line.encode() + b"\n")
        assert answer.endswith("\n\n"), (line, answer)
        return answer[:-2].split("\n")


def main():
    bus = Ebusd(int(sys.argv[1]))
    seen = {}
    info = bus.ask("info")
    seen["version"] = info[0]
    seen["scan"] = [line for line in info if line.startswith("scan: ")][0]
    seen["state"] = bus.ask("state")[0]
    seen["devices"] = bus.ask("scan result")
    seen["columns"] = sorted({len(line.split(",")) >= 9 for line in bus.ask("find -F type,circuit,level,name,pbsb,id,fields -r -w -p")})
    seen["status"] = bus.ask("read -c hmu Status01")[0]
    seen["status_numeric"] = bus.ask("read -n -c hmu Status01")[0]
    seen["pressure"] = bus.ask("read -c ctlv2 WaterPressure")[0]
    seen["any_case"] = bus.ask("read -c CTLV2 waterpressure")[0]
    seen["flow"] = bus.ask("read -f -c hmu FlowTemp")[0]
    seen["mode_word"] = bus.ask("read -c ctlv2 HwcOpMode")[0]
    seen["mode_number"] = bus.ask("read -n -c ctlv2 HwcOpMode")[0]
    seen["no_sensor"] = bus.ask("read -c ctlv2 HwcStorageTempTop")[0]
    seen["no_register"] = bus.ask("read -c ctlv2 SystemFlowTemp")[0]
    seen["unknown"] = bus.ask("read -c ctlv2 NoSuchThing")[0]
    seen["outdoor"] = bus.ask("read -c Broadcast Outsidetemp")[0]
    seen["forced_passive"] = bus.ask("read -f -c Broadcast Outsidetemp")[0]
    seen["too_old"] = bus.ask("read -m 86401 -c hmu FlowTemp")[0][:6]
    seen["write"] = bus.ask("write -c ctlv2 HwcTempDesired 45")[0]
    seen["read_back"] = bus.ask("read -c ctlv2 HwcTempDesired")[0]
    seen["comma"] = bus.ask("write -c ctlv2 HwcTempDesired 48,5")[0]
    seen["by_name"] = bus.ask("write -c ctlv2 HwcOpMode off")[0]
    seen["not_in_list"] = bus.ask("write -c ctlv2 HwcOpMode 9")[0]
    seen["boost"] = bus.ask("write -c ctlv2 HwcSFMode load")[0]
    seen["without_circuit"] = bus.ask("write HwcTempDesired 45")[0][:6]
    seen["empty_line"] = bus.raw(b"\n", wait=0.5)
    seen["glued"] = bus.raw(b"state\nread -c hmu FlowTemp\n").split("\n")[0]
    bus.raw(b"sta", wait=0.2)
    seen["in_pieces"] = bus.ask("te")[0]
    age = [line for line in bus.ask("find -V -d") if line.startswith("ctlv2 WaterPressure = ")][0]
    seen["age"] = "lastup=" in age and age.endswith("active read]")
    print(json.dumps(seen))


if __name__ == "__main__":
    main()
