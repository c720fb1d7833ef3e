"""Idle and slow clients beside those that classify."""

import asyncio
import statistics
import sys

from .clients import classify
from .judging import judge
from .load import Crowd, Load
from .server import Server


async def run(options):
    server = await Server(options, models=options.models).ready()
    load, target = Load(options), classify(options.model)
    await load.run(server.port, target, 1, "-c", "32")

    async def measure(what):
        before = server.processor
        told = await load.run(server.port, target, options.seconds, "-c", "32")
        served = told["answers"].get("200", {"count": 1, "per_second": 0, "p50_ms": 0, "p99_ms": 0})
        cost = 1000 * (server.processor - before) / served["count"]
        counts = {status: answers["count"] for status, answers in told["answers"].items()}
        print(f"{what}: {served['per_second']:.1f} pictures/s, median {served['p50_ms']:.1f} ms, p99 {served['p99_ms']:.1f} ms, {cost:.3f} ms of the server's processor time a picture, {counts}, lost {told['lost']}")
        if set(told["answers"]) != {"200"}:
            await server.stop()
            sys.exit("FAILS: every answer is 200")
        return served["per_second"], served["p99_ms"], cost

    changes, holds = [], True
    for _ in range(options.repeats):
        alone = await measure("32 clients alone")
        resident = server.resident
        crowd = Crowd(load.compile("crowd"))
        await crowd.gather(options.idle, options.slow, server.port)
        print(f"{options.idle} idle and {options.slow} slow clients: {server.resident - resident:.1f} MB more, {server.descriptors} descriptors")
        beside = await measure("32 clients beside them")
        changes.append([100 * after / before - 100 for before, after in zip(alone, beside)])
        await asyncio.sleep(max(0, 12 - options.seconds))
        left = await crowd.leave()
        holds &= judge(set(left["slow"]) == {"408"}, f"the slow were cut by the header deadline: {left['slow']}")
        holds &= judge(left["kept"] == options.idle, f"{left['kept']} of {options.idle} idle connections were kept")
        await asyncio.sleep(1)
    # The slow clients' own work is in the first two where they share the server's processors.
    print("throughput {:+.1f} %, p99 {:+.1f} %, processor time a picture {:+.1f} % in the median of {}".format(
        *(statistics.median(change) for change in zip(*changes)), options.repeats))
    code = await server.stop()
    return judge(code == 0, f"the server ended with {code}") and holds
