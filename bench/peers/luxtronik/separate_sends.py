"""Reads the three blocks of a Luxtronik controller the way many clients do: each word of a request sent by itself, each word of an
answer received by itself. Usage: separate_sends.py PORT READS; prints milliseconds per read, connecting included."""
import socket
import struct
import sys
import time


def word(connection):
    data = b""
    while len(data) < 4:
        part = connection.recv(4 - len(data))
        if not part:
            raise SystemExit("the server closed")
        data += part
    return struct.unpack(">i", data)[0]


def block(connection, command):
    connection.sendall(struct.pack(">i", command))
    connection.sendall(struct.pack(">i", 0))
    if word(connection) != command:
        raise SystemExit("wrong echo")
    if command == 3004:
        word(connection)
    count = word(connection)
    if command == 3005:
        data = b""
        while len(data) < count:
            data += connection.recv(count - len(data))
        return list(data)
    return [word(connection) for _ in range(count)]


for _ in range(int(sys.argv[2])):
    started = time.perf_counter()
    with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as opened:
        parameters, calculations, visibilities = block(opened, 3003), block(opened, 3004), block(opened, 3005)
    elapsed = (time.perf_counter() - started) * 1000
    if (len(parameters), len(calculations), len(visibilities)) != (1180, 269, 380):
        raise SystemExit("wrong lengths")
    print(f"{elapsed:.4f}", flush=True)
