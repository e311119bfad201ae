"""Two pseudo-terminals and a bad wire between them: what a serial line does to frames, on order.

usage: serial_line.py NEAR FAR [--echo] [--noise SEED] [--late FIRST:SECONDS]

NEAR and FAR become links to the two ends; a program asks on NEAR, a device answers on FAR. --echo gives every byte from NEAR back to it, as simple two-wire
adapters do. --noise damages two of three answers, each in another way. --late holds back the answer number FIRST (from 1) for so long and lets the others
pass. First line out: "ready". Killing it is pulling out the adapter: both ends hang up. Written from the specification of serial Modbus alone.
"""
import argparse
import os
import pty
import random
import select
import sys
import time
import tty


def crc(frame):
    value = 0xFFFF
    for byte in frame:
        value ^= byte
        for _ in range(8):
            value = (value >> 1) ^ 0xA001 if value & 1 else value >> 1
    return frame + bytes([value & 0xFF, value >> 8])


def damage(answer, dice):
    """An answer as it might arrive, and never by chance a right one with another value."""
    at = dice.randrange(len(answer))
    junk = bytes(dice.randrange(256) for _ in range(dice.randint(1, 8)))
    return dice.choice([
        lambda: junk + answer,
        lambda: answer + junk,
        lambda: b"\x00" + answer,
        lambda: b"\xff" + answer,
        lambda: answer[:at] + bytes([answer[at] ^ (1 << dice.randrange(8))]) + answer[at + 1:],
        lambda: answer[:at] + answer[at + 1:],
        lambda: answer[:at] + answer[at:at + 1] + answer[at:],
        lambda: answer[:at],
        lambda: answer + answer,
        lambda: crc(bytes([answer[0] ^ 6]) + answer[1:-2]),
        lambda: crc(answer[:1] + bytes([4]) + answer[2:-2]),
        lambda: crc(bytes([answer[0] ^ 6]) + answer[1:-2]) + answer,
        lambda: bytes(dice.randrange(256) for _ in range(300)),
    ])()


def open_end(path):
    """Its far side stays open here, so that the line is there when no program has it open."""
    master, end = pty.openpty()
    tty.setraw(end)
    if os.path.lexists(path):
        os.remove(path)
    os.symlink(os.ttyname(end), path)
    return master


def main(options):
    near, far = open_end(options.near), open_end(options.far)
    dice = random.Random(options.noise)
    late_number, late_seconds = (options.late or "0:0").split(":")
    answers, held = 0, []
    print("ready", flush=True)
    while True:
        wait = max(0.0, held[0][0] - time.monotonic()) if held else None
        readable, _, _ = select.select([near, far], [], [], wait)
        while held and held[0][0] <= time.monotonic():
            os.write(near, held.pop(0)[1])
        if near in readable:
            request = os.read(near, 4096)
            if options.echo:
                os.write(near, request)
            os.write(far, request)
        if far in readable:
            answer = os.read(far, 4096)
            answers += 1
            if answers == int(late_number):
                held.append((time.monotonic() + float(late_seconds), answer))
            elif options.noise is not None and dice.random() < 0.67:
                os.write(near, damage(answer, dice))
            else:
                os.write(near, answer)


parser = argparse.ArgumentParser()
parser.add_argument("near")
parser.add_argument("far")
parser.add_argument("--echo", action="store_true")
parser.add_argument("--noise", type=int)
parser.add_argument("--late")
main(parser.parse_args(sys.argv[1:]))
