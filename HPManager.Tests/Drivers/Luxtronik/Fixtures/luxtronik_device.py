"""A Luxtronik controller that none of the product's code touches, byte by byte as the protocol page tells it. Python's standard library only.

usage: luxtronik_device.py FOLDER [options]

FOLDER holds calculations.csv, parameters.csv and visibilities.csv: index, key, type, scale, raw. The blocks are as long as the firmware's, entries that no
row names are 0. A written parameter is kept as it came, whatever it is; only its index comes back.

First line out: JSON with the ports, and what a reader must find by key, decoded here. Then a line for every event, in the order in which it happened:
  open N of M       connection number N was accepted, M are open now
  refused           a further connection was turned away
  bytes N HEX       what arrived, segment by segment
  request N COMMAND FIRST [SECOND]
  overlap N         bytes arrived before the answer to the last request was out
  answer N LENGTH   an answer is out, the fault's bytes included
  close N           the connection is gone
  search HEX        a datagram arrived
  down, up          the restart after a write that firmware x.90.0 of series 1 and 2 cannot bear

Lines in, each answered by "done" and what it tells; the process ends with its standard input:
  fault NAME [VALUE] [for=COMMAND] [times=N]
      none | busy | count N | foreign COMMAND | cut BYTES | trickle MS | endless | silence | twice | reset | late MS
  set BLOCK INDEX RAW          get BLOCK INDEX          blocks are parameters, calculations, visibilities
  size BLOCK N                 firmware TEXT            the text alone
  hide-writes N                a written value shows after N more reads of the parameters
  clients share|refuse|reset|wait
  ping
"""
import argparse
import asyncio
import csv
import datetime
import json
import os
import pathlib
import socket
import struct
import sys
import threading

WRITE, PARAMETERS, CALCULATIONS, VISIBILITIES = 3002, 3003, 3004, 3005
BLOCKS = {"parameters": PARAMETERS, "calculations": CALCULATIONS, "visibilities": VISIBILITIES}
SEARCH = b"2000;111;1;\0"
FIRMWARE_TEXT = range(81, 91)

# Parameters, calculations, visibilities. Where the page knows no number, the one of the nearest older firmware that has one stands in.
SIZES = {
    "V1.73": (1022, 200, 336),
    "V1.80.0": (1086, 200, 336),
    "V1.88.3": (1086, 263, 336),
    "V1.90.0": (1086, 263, 336),
    "V2.88.3": (1086, 263, 336),
    "V2.90.0": (1086, 263, 336),
    "V3.85.4": (1125, 260, 354),
    "V3.88.0": (1143, 267, 366),
    "V3.89.3": (1143, 268, 366),
    "V3.90.1": (1160, 269, 380),
    "V3.92.1": (1180, 269, 380),
}


def say(*words):
    print(*words, flush=True)


def words(*numbers):
    return struct.pack(f">{len(numbers)}i", *numbers)


class Controller:
    """The three blocks, and the answers made of them."""

    def __init__(self, folder, firmware, sizes):
        self.raw = dict(zip(BLOCKS, ([0] * size for size in sizes)))
        self.rows = {}
        for block, values in self.raw.items():
            with open(folder / f"{block}.csv", newline="", encoding="utf-8") as file:
                self.rows[block] = list(csv.DictReader(file))
            for row in self.rows[block]:
                if int(row["index"]) < len(values):
                    values[int(row["index"])] = int(row["raw"])
        self.hidden_reads = 0
        self.hidden = {}
        self.set_firmware(firmware)

    def set_firmware(self, text):
        codes = text.encode("ascii").ljust(len(FIRMWARE_TEXT), b"\0")
        for index, code in zip(FIRMWARE_TEXT, codes):
            if index < len(self.raw["calculations"]):
                self.raw["calculations"][index] = code

    def freezes(self):
        text = "".join(chr(self.raw["calculations"][index]) for index in FIRMWARE_TEXT if index < len(self.raw["calculations"]))
        return text.rstrip("\0") in ("V1.90.0", "V2.90.0")

    def resize(self, block, size):
        values = self.raw[block]
        self.raw[block] = values[:size] + [0] * (size - len(values))

    def write(self, index, value):
        parameters = self.raw["parameters"]
        if not 0 <= index < len(parameters):
            return
        if self.hidden_reads:
            self.hidden[index] = [value, self.hidden_reads]
        else:
            parameters[index] = value

    def answer(self, command, first):
        if command == WRITE:
            return words(WRITE, first)
        if command == PARAMETERS:
            self.show_written()
            return words(PARAMETERS, len(self.raw["parameters"]), *self.raw["parameters"])
        if command == CALCULATIONS:
            return words(CALCULATIONS, 0, len(self.raw["calculations"]), *self.raw["calculations"])
        return words(VISIBILITIES, len(self.raw["visibilities"])) + bytes(self.raw["visibilities"])

    def show_written(self):
        for index in list(self.hidden):
            if self.hidden[index][1] == 0:
                self.raw["parameters"][index] = self.hidden.pop(index)[0]
            else:
                self.hidden[index][1] -= 1

    def expected(self):
        found = {}
        for block, rows in self.rows.items():
            values = self.raw[block]
            found[block] = {row["key"]: self.decode(block, row, values) for row in rows if int(row["index"]) < len(values)}
        return found

    def decode(self, block, row, values):
        index, kind = int(row["index"]), row["type"]
        raw = values[index]
        if kind == "string10":
            return bytes(values[index:index + 10]).split(b"\0")[0].decode("ascii")
        if kind == "ipv4":
            return socket.inet_ntoa(struct.pack(">i", raw))
        if kind == "time_range":
            start, end = raw & 0xFFFF, raw >> 16
            return f"{start // 60:02}:{start % 60:02} to {end // 60:02}:{end % 60:02}"
        if kind == "timestamp":
            return datetime.datetime.fromtimestamp(raw, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        if kind == "seconds" and "run_time" in row["key"]:
            return round(raw / 3600, 6)
        if block == "parameters" and index in (867, 868) and raw <= 100:
            return raw
        if block == "calculations" and 151 <= index <= 154 and raw >= 214748364:
            raw -= 214748364
        if block == "parameters" and index == 1020:
            return 1 + raw / 2
        if block == "parameters" and index == 1045:
            return 0 if raw == 0 else raw + 19
        if block == "parameters" and index == 1059 and self.raw["calculations"][82] != ord("3"):
            return round(raw * 0.01, 6)
        return round(raw * float(row["scale"] or 1), 6)


class Fault:
    """How answers are spoiled, for one command or for all of them, once, a few times, or until told otherwise."""

    def __init__(self, text="none"):
        parts = text.split()
        self.name = parts[0]
        self.value = int(parts[1]) if len(parts) > 1 and "=" not in parts[1] else 0
        named = dict(part.split("=") for part in parts[1:] if "=" in part)
        self.command = int(named["for"]) if "for" in named else None
        self.times = int(named["times"]) if "times" in named else None

    def strikes(self, command):
        if self.name == "none" or self.times == 0 or self.command not in (None, command):
            return False
        if self.times is not None:
            self.times -= 1
        return True


class Connection(asyncio.Protocol):
    def __init__(self, device):
        self.device = device
        self.buffer = bytearray()
        self.busy = None
        self.writable = asyncio.Event()
        self.writable.set()

    def connection_made(self, transport):
        self.transport = transport
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.served = self.device.admit(self)

    def connection_lost(self, exc):
        self.writable.set()
        if self.busy:
            self.busy.cancel()
        self.device.leave(self)

    def pause_writing(self):
        self.writable.clear()

    def resume_writing(self):
        self.writable.set()

    def data_received(self, data):
        if not self.served:
            return
        say("bytes", self.number, data.hex())
        if self.busy and not self.busy.done():
            say("overlap", self.number)
            self.buffer += data
            return
        self.buffer += data
        self.busy = asyncio.ensure_future(self.answer_all())

    async def answer_all(self):
        while (request := self.take_request()) is not None:
            if self.buffer:
                say("overlap", self.number)
            say("request", self.number, *request)
            await self.device.answer(self, *request)

    def take_request(self):
        if len(self.buffer) < 4:
            return None
        command, = struct.unpack_from(">i", self.buffer)
        length = 12 if command == WRITE else 8
        if command not in (WRITE, *BLOCKS.values()):
            self.transport.close()
            return None
        if len(self.buffer) < length:
            return None
        request = struct.unpack(f">{length // 4}i", self.buffer[:length])
        del self.buffer[:length]
        return request

    def is_left(self):
        """Whether the client has closed although the loop has not come to it yet: it closed before another one knocked."""
        with socket.socket(fileno=os.dup(self.transport.get_extra_info("socket").fileno())) as peek:
            try:
                return not peek.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
            except BlockingIOError:
                return False
            except OSError:
                return True

    async def send(self, data):
        self.transport.write(data)
        await self.writable.wait()

    def reset(self):
        self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.transport.abort()


class Device:
    def __init__(self, options):
        self.options = options
        sizes = tuple(int(size) for size in options.sizes.split(",")) if options.sizes else SIZES[options.firmware]
        self.controller = Controller(pathlib.Path(options.folder), options.firmware, sizes)
        self.clients = options.clients
        self.fault = Fault(options.fault)
        self.open = []
        self.accepted = 0
        self.listeners = []
        self.ports = []
        self.is_down = False
        self.one_at_a_time = asyncio.Lock()
        self.controller.hidden_reads = options.hide_writes

    async def start(self):
        loop = asyncio.get_running_loop()
        old = [] if self.options.old_port is None else [self.options.old_port]
        self.reserved = [self.bind(port) for port in [self.options.port, *old]]
        self.ports = [reserved.getsockname()[1] for reserved in self.reserved]
        started = {"port": self.ports[0]}
        if len(self.ports) > 1:
            started["oldPort"] = self.ports[1]
        await self.listen()
        if self.options.search_port is not None:
            transport, _ = await loop.create_datagram_endpoint(lambda: Search(self), local_addr=(self.options.search_address or self.options.address, self.options.search_port))
            started["searchPort"] = transport.get_extra_info("sockname")[1]
        started["sizes"] = {block: len(values) for block, values in self.controller.raw.items()}
        say(json.dumps({**started, "expected": self.controller.expected()}))

    def bind(self, port):
        bound = socket.socket()
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        bound.bind((self.options.address, port))
        return bound

    async def listen(self):
        """The ports stay bound by sockets that never listen: while nobody listens they refuse, and nobody else gets them."""
        async with self.one_at_a_time:
            if self.listeners or self.is_down or (self.clients == "refuse" and self.open):
                return
            for port in self.ports[1:] if self.options.old_port_only else self.ports:
                server = asyncio.get_running_loop().create_server(lambda: Connection(self), sock=self.bind(port))
                self.listeners.append(await server)

    def deafen(self):
        for listener in self.listeners:
            listener.close()
        self.listeners = []

    def admit(self, connection):
        for other in [other for other in self.open if other.is_left()]:
            self.leave(other)
        if self.open and self.clients != "share":
            say("refused")
            if self.clients != "wait":
                connection.reset()
            return False
        self.accepted += 1
        connection.number = self.accepted
        self.open.append(connection)
        if self.clients == "refuse":
            self.deafen()
        say("open", connection.number, "of", len(self.open))
        return True

    def leave(self, connection):
        if connection in self.open:
            self.open.remove(connection)
            say("close", connection.number)
            self.listening = asyncio.ensure_future(self.listen())

    async def answer(self, connection, command, first, value=0):
        if command == WRITE:
            self.controller.write(first, value)
            if self.controller.freezes():
                self.restarting = asyncio.ensure_future(self.restart())
                return
        fault = self.fault if self.fault.strikes(command) else Fault()
        data = self.controller.answer(fault.value if fault.name == "foreign" else command, first)
        if fault.name == "silence":
            return
        if fault.name == "reset":
            connection.reset()
            return
        if fault.name == "busy" and command == CALCULATIONS:
            data = words(CALCULATIONS, 1)
        elif fault.name == "count":
            data = data[:8 if command == CALCULATIONS else 4] + words(fault.value)
        elif fault.name == "cut":
            data = data[:fault.value]
        elif fault.name == "twice":
            data += data
        elif fault.name == "late":
            await asyncio.sleep(fault.value / 1000)
        if fault.name == "trickle":
            for byte in data:
                await connection.send(bytes([byte]))
                await asyncio.sleep(fault.value / 1000)
        else:
            await connection.send(data)
        say("answer", connection.number, len(data))
        if fault.name == "cut":
            connection.transport.close()
        while fault.name == "endless":
            await connection.send(words(*range(1000)))
            await asyncio.sleep(0.01)

    async def restart(self):
        """The controller freezes: nothing is answered, nothing is closed, nobody is let in; after a while it comes back and knows no connection."""
        say("down")
        self.is_down = True
        self.deafen()
        await asyncio.sleep(self.options.restart_ms / 1000)
        for connection in list(self.open):
            connection.reset()
        self.is_down = False
        await self.listen()
        say("up")

    async def obey(self, line):
        verb, *rest = line.split()
        blocks = self.controller.raw
        told = []
        if verb == "fault":
            self.fault = Fault(" ".join(rest))
        elif verb == "set":
            blocks[rest[0]][int(rest[1])] = int(rest[2])
        elif verb == "get":
            told = [blocks[rest[0]][int(rest[1])]]
        elif verb == "size":
            self.controller.resize(rest[0], int(rest[1]))
        elif verb == "firmware":
            self.controller.set_firmware(rest[0])
        elif verb == "hide-writes":
            self.controller.hidden_reads = int(rest[0])
        elif verb == "clients":
            self.clients = rest[0]
            if self.clients == "refuse" and self.open:
                self.deafen()
        elif verb != "ping":
            raise ValueError(line)
        await self.listen()
        say("done", *told)


class Search(asyncio.DatagramProtocol):
    """The answer to the search: its own port, another one that is stated, or, as old firmware has it, none."""

    def __init__(self, device):
        self.device = device

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, addr):
        say("search", data.hex())
        if data != SEARCH:
            return
        stated = self.device.options.search_answer
        port = "" if stated == "old" else str(self.device.ports[0]) if stated == "own" else stated
        self.transport.sendto(f"2500;111;{port};\0".encode("ascii"), addr)


async def main(options):
    device = Device(options)
    loop = asyncio.get_running_loop()
    lines = asyncio.Queue()

    def listen():
        for line in sys.stdin:
            loop.call_soon_threadsafe(lines.put_nowait, line.strip())
        loop.call_soon_threadsafe(lines.put_nowait, None)

    await device.start()
    threading.Thread(target=listen, daemon=True).start()
    while (line := await lines.get()) is not None:
        await device.obey(line)


parser = argparse.ArgumentParser()
parser.add_argument("folder")
parser.add_argument("--firmware", default="V3.92.1")
parser.add_argument("--sizes", help="parameters,calculations,visibilities instead of the firmware's")
parser.add_argument("--address", default="127.0.0.1")
parser.add_argument("--port", type=int, default=0)
parser.add_argument("--old-port", type=int, help="a second port, as 8888 beside 8889; 0 for a free one")
parser.add_argument("--old-port-only", action="store_true", help="the first port refuses")
parser.add_argument("--clients", choices=["share", "refuse", "reset", "wait"], default="share")
parser.add_argument("--fault", default="none")
parser.add_argument("--hide-writes", type=int, default=0)
parser.add_argument("--restart-ms", type=int, default=100000)
parser.add_argument("--search-port", type=int, help="answers the search there; 0 for a free one")
parser.add_argument("--search-address", help="hears the search at this address only, such as the network's broadcast address")
parser.add_argument("--search-answer", default="own", help="own, old or a number")
asyncio.run(main(parser.parse_args()))
