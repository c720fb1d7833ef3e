"""A server beside the engine alone."""

import asyncio
import json
import os
import statistics
import subprocess

from .clients import classify
from .judging import judge
from .load import Load
from .server import Server


async def run(options):
    server = await Server(options, models=options.models).ready()
    threads = len(os.sched_getaffinity(server.process.pid))
    load, target = Load(options), classify(options.model)
    engine = [options.server, "bench", options.model, "--models", str(options.models), "--batch", "8", "--threads", str(threads), "--seconds", str(options.seconds), "--json"]
    if options.processors:
        engine = ["taskset", "-c", options.processors, *engine]
    await load.run(server.port, target, 1, "-c", "32", picture=options.picture)
    engines, servers, holds = [], [], True
    for _ in range(options.repeats):
        process = await asyncio.create_subprocess_exec(*engine, stdout=subprocess.PIPE)
        alone = json.loads((await process.communicate())[0])[0]["images_per_second"]
        processor, switches = server.processor, server.switches
        told = await load.run(server.port, target, options.seconds, "-c", "32", picture=options.picture)
        processor, switches = server.processor - processor, server.switches - switches
        served = told["answers"].get("200", {"count": 1, "per_second": 0, "p50_ms": 0, "p99_ms": 0})
        holds &= set(told["answers"]) == {"200"}
        engines.append(alone)
        servers.append(served["per_second"])
        print(f"engine alone {alone:.0f} pictures/s, server {served['per_second']:.0f}: {100 * servers[-1] / alone:.1f} %; median {served['p50_ms']:.1f} ms, p99 {served['p99_ms']:.1f} ms; a picture costs the server "
              f"{1e6 * processor / served['count']:.0f} us of processor time and {switches / served['count']:.2f} switches of threads, the clients {1e6 * told['processor_seconds'] / served['count']:.0f} us")
    # The engine's two threads wait for each other after every step, so that whatever else runs for a moment costs it twice what it costs the server.
    shares = [100 * served / alone for served, alone in zip(servers, engines)]
    print(f"{options.model}: {statistics.median(shares):.1f} % of the engine's pictures in the median of {options.repeats}, {100 * max(servers) / max(engines):.1f} % by the best of both, which other programs kept from least")
    code = await server.stop()
    return judge(holds, "every answer was 200") & judge(code == 0, f"the server ended with {code}")
