"""A device that none of the product's code touches: Debian's pymodbus, answering by a register table.

usage: register_device.py TABLE.csv own|both PORT [--address IP] [--rtu] [--serial PATH] [--model NAME] [--fill WORD] [--refuse TABLE:FIRST-LAST]...
       [--set TABLE:ADDRESS=WORD]... UNIT...

It answers per data point, as such controllers do: a request has to begin and to end with points and may have no hole, otherwise it is
refused with exception 2; where two points overlap, the words are those of the point that the request has reached by then. With --fill a hole inside
a request reads as that word, and only a request of nothing but holes is refused. Values follow from the address and the unit id. "both" answers
holding registers as input registers too. --model takes the rows whose column models names it, --refuse answers exception 2 to whatever touches the
range, --set gives a register a word of its own; TABLE is h, i, c or d. --rtu speaks serial frames over TCP, --serial on a serial line, 9600 8N1.
First line out: the port. Second line: per unit what a reader must find, as
JSON. Then one line for each write: unit, address, words as they came.
"""
import argparse
import asyncio
import csv
import json
import struct
import sys
from fractions import Fraction
from unittest.mock import MagicMock

# Imported by pymodbus for serial ports; Debian only recommends the packages, and without --serial none is opened.
if "--serial" not in sys.argv:
    sys.modules.setdefault("serial", MagicMock())
    sys.modules.setdefault("serial_asyncio", MagicMock())

from pymodbus.datastore import ModbusServerContext
from pymodbus.interfaces import IModbusSlaveContext
from pymodbus.server import StartAsyncTcpServer
from pymodbus.server.async_io import ModbusSerialServer
from pymodbus.transaction import ModbusRtuFramer, ModbusSocketFramer

BITS = {"bool": 1, "text16": 16, "int8": 8, "uint8": 8, "enum16": 8, "bitfield16": 8, "int16": 16, "uint16": 16, "int32": 32, "uint32": 32}


def raw_value(kind, address, unit):
    """Never a value that stands for none: not 0, not -1, no largest and no smallest number of a type."""
    seed = address + 7 * unit
    if kind == "bool":
        return seed % 2
    if kind == "float32":
        return (seed % 400) / 8 + 2.125
    if kind in ("int32", "uint32"):
        size = 70000 + 3 * seed
    else:
        size = 2 + seed % 90
    return -size if kind.startswith("int") and address % 2 else size


def words_of(kind, raw):
    """Low word first, which is how both makes are read."""
    if kind == "float32":
        high, low = struct.unpack(">HH", struct.pack(">f", raw))
        return [low, high]
    if BITS[kind] == 32:
        return [raw & 0xFFFF, (raw >> 16) & 0xFFFF]
    return [raw & 0xFFFF]


class Unit(IModbusSlaveContext):
    """One unit id: per table its points by address."""

    def __init__(self, number, rows, options):
        self.number = number
        self.fill = options.fill
        self.refused = [(name[0], range(*(int(end) for end in name[2:].split("-")))) for name in options.refuse]
        self.tables = {"h": {}, "i": {}, "c": {}, "d": {}}
        self.expected = {}
        for row in rows:
            address, kind = int(row["address"]), row["type"]
            raw = raw_value(kind, address, number)
            for table in "hi" if options.tables == "both" else row["kind"][0]:
                self.tables[table][address] = words_of(kind, raw)
            if kind != "text16":
                self.expected[row["key"]] = float(Fraction(raw) * Fraction(row["scale"] or 1))
        for setting in options.set:
            place, word = setting.split("=")
            self.tables[place[0]][int(place[2:])] = [int(word, 0)]

    def read(self, function, address, count):
        name = self.decode(function)
        if any(name == table and address <= refused.stop and refused.start < address + count for table, refused in self.refused):
            return None
        table = self.tables[name]
        if self.fill is not None:
            known = [table[at][0] if at in table else None for at in range(address, address + count)]
            return None if all(word is None for word in known) else [self.fill if word is None else word for word in known]
        words = []
        while len(words) < count and address in table:
            words += table[address]
            address += len(table[address])
        return words if len(words) == count else None

    def validate(self, fc_as_hex, address, count=1):
        return self.decode(fc_as_hex) in self.tables and self.read(fc_as_hex, address, count) is not None

    def getValues(self, fc_as_hex, address, count=1):
        return self.read(fc_as_hex, address, count)

    def setValues(self, fc_as_hex, address, values):
        print("write", self.number, address, *(f"{int(value):04X}" for value in values), flush=True)
        self.tables[self.decode(fc_as_hex)][address] = [int(value) for value in values]


async def main(options):
    with open(options.table, newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if options.model is None or options.model in row["models"].split(";")]
    slaves = {number: Unit(number, rows, options) for number in options.units}
    context = ModbusServerContext(slaves=slaves, single=False)
    if options.serial:
        server = ModbusSerialServer(context, framer=ModbusRtuFramer, port=options.serial, baudrate=9600, timeout=0.2)
        await server.start()
        running = asyncio.ensure_future(server.serve_forever())
        print(0, flush=True)
    else:
        server = await StartAsyncTcpServer(
            context=context, framer=ModbusRtuFramer if options.rtu else ModbusSocketFramer, address=(options.address, options.port),
            allow_reuse_address=True, defer_start=True)
        running = asyncio.ensure_future(server.serve_forever())
        await server.serving
        print(server.server.sockets[0].getsockname()[1], flush=True)
    print(json.dumps({number: unit.expected for number, unit in slaves.items()}), flush=True)
    await running


parser = argparse.ArgumentParser()
parser.add_argument("table")
parser.add_argument("tables", choices=["own", "both"])
parser.add_argument("port", type=int)
parser.add_argument("units", type=int, nargs="+")
parser.add_argument("--address", default="127.0.0.1")
parser.add_argument("--rtu", action="store_true")
parser.add_argument("--serial")
parser.add_argument("--model")
parser.add_argument("--fill", type=lambda word: int(word, 0))
parser.add_argument("--refuse", action="append", default=[])
parser.add_argument("--set", action="append", default=[])
asyncio.run(main(parser.parse_args()))
