"""Ten times the rate that a server sustains."""

import json
import statistics
import tempfile

from .clients import classify
from .judging import judge, percentile
from .load import Load
from .processors import Processors
from .server import Server


async def run(options):
    log = tempfile.TemporaryFile()
    level = ("--log-level", "info", "--log-format", "json") if options.log else ()
    server = await Server(options, "--max-queue", str(options.queue), "--deadline-ms", "5000", *level, models=options.models, log=log).ready()
    load, target = Load(options), classify(options.model)
    processors = Processors(server, options)
    await load.run(server.port, target, 1, "-c", "8")

    async def measure(what, seconds, *arguments):
        before = processors.now()
        told = await load.run(server.port, target, seconds, *arguments)
        left, others, cost = processors.left(before, processors.now(), told["processor_seconds"])
        times = told["answers"].get("200", {"per_second": 0, "count": 0, "p50_ms": 0, "p99_ms": 0})
        print(f"{what}: {times['per_second']:.1f} pictures/s, median {times['p50_ms']:.1f} ms, p99 {times['p99_ms']:.1f} ms; other programs took {others:.2f} processors")
        return told, times["per_second"], times["per_second"] / left, cost

    best, rates = 0, {}
    for count in (8, 16, 32):
        _, rates[count], _, _ = await measure(f"{count} clients", options.seconds / 3, "-c", str(count))
    best = max(rates, key=rates.get)
    log.truncate(0)
    shares, fair_shares, costs, clients, refusals = [], [], [], [], {}
    for _ in range(options.repeats):
        # A peak right beside each overload, since the rest of the machine does not stand still.
        told, peak, peak_by_processor, cost = await measure(f"{best} clients", options.seconds / 3, "-c", str(best))
        picture = cost / told["answers"]["200"]["count"]
        told, served, by_processor, cost = await measure(f"{options.times:g} times as many as that", options.seconds, "-r", str(options.times * peak))
        answers = told["answers"]
        shares.append(100 * served / peak)
        fair_shares.append(100 * by_processor / peak_by_processor)
        for status, times in answers.items():
            refusals.setdefault(status, []).append([times["count"], told["lost"], *(times[name] for name in ("p50_ms", "p95_ms", "p99_ms"))])
        if "429" in answers:
            costs.append(1e6 * (cost - answers["200"]["count"] * picture) / answers["429"]["count"])
            clients.append(1e6 * told["processor_seconds"] / told["asked"])

    print(f"served of the peak beside it, medians: {statistics.median(shares):.1f} %; by the processors that clients and other programs left, {statistics.median(fair_shares):.1f} %")
    if costs:
        print(f"{statistics.median(costs):.0f} us of the server's processor time a refusal, where a picture costs {1e6 * picture:.0f}; {statistics.median(clients):.0f} us of the clients' a request")
    # The server's own times, from a request's first byte to its answer, since the clients may be short of processors too.
    log.seek(0)
    logged = {}
    for line in log.read().lstrip(b"\0").splitlines():
        entry = json.loads(line)
        if "total_ms" in entry:
            logged.setdefault(entry["status"], []).append(float(entry["total_ms"]) / 1000)
    for status, rounds in sorted(refusals.items()):
        count, _, p50, p95, p99 = (statistics.median(column) for column in zip(*rounds))
        print(f"{status}, client: {count:.0f} a round, median {p50:.2f} ms, p95 {p95:.2f} ms, p99 {p99:.2f} ms")
        if status in logged:
            own = logged[status]
            print(f"{status}, server: median {percentile(own, 0.5):.2f} ms, p95 {percentile(own, 0.95):.2f} ms, p99 {percentile(own, 0.99):.2f} ms")
    lost = sum(round[1] for rounds in refusals.values() for round in rounds)
    holds = judge(set(refusals) <= {"200", "429"} and lost == 0, "every answer is 200 or 429: whoever was accepted met the deadline, and none was lost")
    code = await server.stop()
    return judge(code == 0, f"the server ended with {code}") and holds
