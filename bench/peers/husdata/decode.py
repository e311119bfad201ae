"""Decodes answers of a Husdata gateway the way small programs do: json.loads, and a dict of definitions (index -> key, scale, signed).
Reads from standard input: a line with the definitions as JSON, a line with the answer, and then for each line "SECONDS" decodes the answer over
and over for so long and prints decodes per second; "VALUES" prints what was decoded last as JSON."""
import json
import sys
import time


def decode(body, definitions, at):
    readings = []
    for index, number in json.loads(body).items():
        definition = definitions.get(index)
        if definition is None:
            continue
        key, scale, signed = definition
        if signed:
            if number == 32768:
                readings.append((key, None, at))
                continue
            if number > 32768:
                number -= 65536
        readings.append((key, number * scale, at))
    return readings


definitions = {index: (key, scale, signed) for index, key, scale, signed in json.loads(sys.stdin.readline())}
answer = sys.stdin.readline().strip().encode()
readings = decode(answer, definitions, time.time())
for line in sys.stdin:
    if line.strip() == "VALUES":
        print(json.dumps({key: value for key, value, _ in readings}), flush=True)
        continue
    limit = float(line)
    count = 0
    began = time.perf_counter()
    while True:
        for _ in range(100):
            readings = decode(answer, definitions, began)
        count += 100
        elapsed = time.perf_counter() - began
        if elapsed >= limit:
            break
    print(count / elapsed, flush=True)
