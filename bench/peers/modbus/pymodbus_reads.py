"""usage: pymodbus_reads.py PORT SUM sync|async; see PeerProcess in Contestants.cs for what is said on stdin and stdout"""
import asyncio
import sys
import time
from array import array
from unittest.mock import MagicMock

# Imported by pymodbus for serial ports, which are not used here; Debian only recommends the packages.
for name in ("serial", "serial_asyncio"):
    sys.modules.setdefault(name, MagicMock())

from pymodbus.client import AsyncModbusTcpClient, ModbusTcpClient  # noqa: E402

REGISTERS = 125
PORT, EXPECTED = int(sys.argv[1]), float(sys.argv[2])
# One unsigned word to a tenth, looked up: faster in Python than to compute the sign of each.
TENTHS = [(word - 65536 if word >= 32768 else word) * 0.1 for word in range(65536)]


def decode(answer):
    values = array("d", [TENTHS[word] for word in answer.registers])
    if len(values) != REGISTERS or abs(sum(values) - EXPECTED) > 1e-6:
        raise SystemExit(f"sum {sum(values)} where {EXPECTED} was expected")


def run_sync():
    client = ModbusTcpClient("127.0.0.1", port=PORT)
    client.connect()
    decode(client.read_holding_registers(0, REGISTERS, slave=1))
    print("ready", flush=True)
    for line in iter(sys.stdin.readline, ""):
        start = time.perf_counter()
        end = start + float(line)
        reads = 0
        while time.perf_counter() < end:
            decode(client.read_holding_registers(0, REGISTERS, slave=1))
            reads += 1
        print(reads, time.perf_counter() - start, flush=True)


async def run_async():
    client = AsyncModbusTcpClient("127.0.0.1", port=PORT)
    await client.connect()
    decode(await client.protocol.read_holding_registers(0, REGISTERS, slave=1))
    print("ready", flush=True)
    while line := await asyncio.to_thread(sys.stdin.readline):
        start = time.perf_counter()
        end = start + float(line)
        reads = 0
        while time.perf_counter() < end:
            decode(await client.protocol.read_holding_registers(0, REGISTERS, slave=1))
            reads += 1
        print(reads, time.perf_counter() - start, flush=True)


if sys.argv[3] == "sync":
    run_sync()
else:
    asyncio.run(run_async())
