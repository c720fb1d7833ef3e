"""A request's time outside decoding, queue and inference."""

import json
import tempfile

from . import PICTURE
from .clients import Connection, classify
from .judging import judge, percentile
from .load import Load
from .server import Server


async def run(options):
    log = tempfile.TemporaryFile()
    server = await Server(options, "--log-level", "info", "--log-format", "json", log=log, models=options.models).ready()

    load = Load(options)

    async def rest(clients, target):
        await load.run(server.port, target, 1, "-c", str(clients))
        log.truncate(0)
        told = await load.run(server.port, target, options.seconds, "-c", str(clients))
        log.seek(0)
        rests, stages = [], {}
        for line in log.read().lstrip(b"\0").splitlines():
            entry = json.loads(line)
            if "inference_ms" in entry:
                times = {name: float(entry[f"{name}_ms"]) for name in ("receive", "decode", "preprocess", "queue", "inference")}
                rests.append((float(entry["total_ms"]) - sum(times.values()) + times["receive"]) / 1000)
                for name, value in times.items():
                    stages.setdefault(name, []).append(value / 1000)
        medians = ", ".join(f"{name} {percentile(list, 0.5):.3f}" for name, list in stages.items())
        print(f"{clients} clients, {len(rests)} answers: outside decoding, queue and inference median {percentile(rests, 0.5):.3f} ms, p99 {percentile(rests, 0.99):.3f} ms; medians in ms: {medians}")
        return set(told["answers"]) == {"200"}

    picture = PICTURE.read_bytes()

    async def encoding():
        connection = await Connection.open(server.port)
        _, text = await connection.ask("GET", "/metrics")
        connection.close()
        values = {}
        for name in ("sum", "count"):
            values[name] = sum(float(line.rsplit(b" ", 1)[1]) for line in text.splitlines() if line.startswith(f"fovea_encode_duration_seconds_{name}".encode()))
        return values

    holds = True
    for clients in (1, 8, 32):
        holds &= await rest(clients, classify(options.model))
    # Every map whole.
    connection = await Connection.open(server.port)
    path = f"/classify?map_size=0&model={options.model}"
    _, body = await connection.ask("POST", path, picture)
    floats = sum(len(layer["values"]) for layer in json.loads(body)["attention"])
    before = await encoding()
    for _ in range(30):
        await connection.ask("POST", path, picture)
    after = await encoding()
    connection.close()
    cost = 1000 * (after["sum"] - before["sum"]) / (after["count"] - before["count"])
    print(f"an answer with {floats} numbers of maps, {len(body)} bytes of JSON: {cost:.3f} ms to write, on average of 30")
    code = await server.stop()
    return judge(holds, "every answer was 200") & judge(code == 0, f"the server ended with {code}")
