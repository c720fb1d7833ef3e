"""The Markdown of BENCHMARKS.md from a run's results: report.py RESULTS.json"""

import json
import statistics
import sys

from networks import AS_WRITTEN, BY_HAND, FAMILIES, NETWORKS

#: The runtimes that compute in float32, whose fastest is the one to beat.
FLOAT32_PEERS = ("pytorch", "pytorch-compiled", "onnxruntime", "openvino-f32")
COLUMNS = {
    "pytorch": "PyTorch eager", "pytorch-compiled": "compiled", "onnxruntime": "ONNX Runtime", "openvino-f32": "OpenVINO f32",
    "openvino": "OpenVINO as it comes", "fovea-f32": "Fovea f32", "fovea-bf16": "Fovea bf16", "fovea-i16": "Fovea i16",
}
#: An answer further from the reference than this, by the largest logit, counts as wrong in float32.
WRONG = 1e-3
#: The most that our error with weights of half the bytes may be of OpenVINO's, on the networks that have a target for it.
BF16_ERROR = 0.1
ABSENT = "–"


def median(result):
    """The median of the turns' medians in ms; `None` for what did not run."""
    medians = (result or {}).get("median_ms")
    return statistics.median(medians) if medians else None


def best_peer(contestants):
    """The fastest float32 peer that answers rightly: its name and its median."""
    timed = [(median(contestants.get(name)), name) for name in FLOAT32_PEERS]
    right = [(time, name) for time, name in timed if time is not None and contestants[name].get("error", 0) <= WRONG]
    return min(right)[::-1] if right else (None, None)


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "| " + " | ".join(["---"] * len(head)) + " |"]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def judged(value, bound, at_most=False):
    """A figure with its bound beside it; bold where it keeps it."""
    if value is None:
        return ABSENT
    cell = f"{value:.2f}"
    if bound is None:
        return cell
    kept = value <= bound if at_most else value >= bound
    return f"{f'**{cell}**' if kept else cell} ({'≤' if at_most else '≥'} {bound:g})"


def number(value):
    return ABSENT if value is None else f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


class Report:
    def __init__(self, results):
        self.results = results
        self.combinations = [tuple(pair) for pair in results["settings"]["combinations"]]

    def text(self):
        parts = [self.head(), self.ratios(AS_WRITTEN, "## Against the fastest float32 peer"), self.by_hand(), self.half_the_bytes(),
                 self.costs(), self.latencies(), self.errors(), self.floors(), self.handovers(), self.memory(), self.failures()]
        return "\n\n".join(part for part in parts if part) + "\n"

    def heat(self, network, form, threads, batch):
        key = {"network": network, "form": form, "threads": threads, "batch": batch}
        return next((heat["contestants"] for heat in self.results["heats"] if key.items() <= heat.items()), {})

    def networks(self, form=AS_WRITTEN):
        """The networks that have heats of this form, in the order of `networks.py`."""
        measured = {heat["network"] for heat in self.results["heats"] if heat["form"] == form}
        return [(name, network) for name, network in NETWORKS.items() if name in measured]

    def head(self):
        machine, settings = self.results["machine"], self.results["settings"]
        versions = ", ".join(f"{name} {version}" for name, version in self.results["versions"].items())
        return (
            f"{machine['processor']}, {machine['processors']} processors, {machine['memory_gib']} GiB, {machine['system']}; {versions}. "
            f"Contestants take turns of {settings['seconds']:g} s, {settings['rounds']} each; times are the median of the turns' medians."
        )

    def _columns(self):
        return [f"{t} thread{'s' * (t > 1)}, batch {b}" for t, b in self.combinations]

    def ratios(self, form, title):
        rows = []
        for name, network in self.networks(form):
            cells = []
            for threads, batch in self.combinations:
                contestants = self.heat(name, form, threads, batch)
                ours, (_, best) = median(contestants.get("fovea-f32")), best_peer(contestants)
                target = network.targets.get((threads, batch)) if form == AS_WRITTEN else None
                if ours is not None and contestants["fovea-f32"].get("error", 0) > WRONG:
                    cells.append("wrong answer")
                else:
                    cells.append(judged(best / ours if ours and best else None, target))
            rows.append([network.title, *cells])
        return f"{title}\n\nHow many times as fast as it Fovea is, in float32; targets in brackets.\n\n" + table(["network", *self._columns()], rows) if rows else ""

    def by_hand(self):
        section = self.ratios(BY_HAND, "## Against peers whose networks were rewritten by hand")
        notes = [f"{network.title}: {network.by_hand}." for _, network in self.networks(BY_HAND)]
        return "\n\n".join([section, *notes]) if section else ""

    def half_the_bytes(self):
        rows = []
        for name, network in self.networks():
            for threads, batch, ours in ((*pair, ours) for pair in self.combinations for ours in ("fovea-bf16", "fovea-i16")):
                contestants = self.heat(name, AS_WRITTEN, threads, batch)
                ours, theirs = contestants.get(ours), contestants.get("openvino")
                if median(ours) is None or median(theirs) is None:
                    continue
                errors = [f"{result['error']:.1e}" if "error" in result else ABSENT for result in (theirs, ours)]
                part = ours["error"] / theirs["error"] if "error" in ours and theirs.get("error") else None
                bound = BF16_ERROR if network.bf16_target else None
                ratio = judged(median(theirs) / median(ours), network.bf16_target)
                cells = [theirs["precision"], ours["precision"], ratio, *errors, judged(part, bound, at_most=True)]
                rows.append([network.title, f"{threads}, {batch}", *cells])
        head = ["network", "threads, batch", "OpenVINO's precision", "ours", "its time by ours", "its error", "our error", "ours by its"]
        return "## Weights of half the bytes against OpenVINO as it comes\n\n" + table(head, rows) if rows else ""

    def costs(self):
        rows = []
        for heat in self.results["costs"]:
            base = median(heat["contestants"].get(heat["family"]))
            for name, limit in FAMILIES[heat["family"]].items():
                ours = median(heat["contestants"].get(name))
                if not base or ours is None:
                    continue
                bound = limit.at(heat["precision"], heat["batch"])
                cells = [heat["precision"], f"{heat['threads']}, {heat['batch']}", number(base), number(ours)]
                rows.append([NETWORKS[name].title, *cells, judged(ours / base, bound, at_most=True)])
        head = ["network", "precision", "threads, batch", "without, ms", "with, ms", "times as long"]
        return "## What attention costs in Fovea\n\n" + table(head, rows) if rows else ""

    def latencies(self):
        rows = []
        for form in (AS_WRITTEN, BY_HAND):
            for name, network in self.networks(form):
                for threads, batch in self.combinations:
                    contestants = self.heat(name, form, threads, batch)
                    if not contestants:
                        continue
                    cells = []
                    for runtime in COLUMNS:
                        time = median(contestants.get(runtime))
                        cells.append(ABSENT if time is None else f"{number(time)} ({number(min(contestants[runtime]['least_ms']))})")
                    title = network.title + (", by hand" if form == BY_HAND else "")
                    rows.append([title, f"{threads}, {batch}", *cells])
        return "## Milliseconds a pass: median (least)\n\n" + table(["network", "threads, batch", *COLUMNS.values()], rows) if rows else ""

    def errors(self):
        """The worst over all combinations."""
        rows = []
        for form in (AS_WRITTEN, BY_HAND):
            for name, network in self.networks(form):
                cells = []
                for runtime in COLUMNS:
                    told = [self.heat(name, form, *pair).get(runtime, {}).get("error") for pair in self.combinations]
                    told = [error for error in told if error is not None]
                    cells.append(f"{max(told):.1e}" if told else ABSENT)
                rows.append([network.title + (", by hand" if form == BY_HAND else ""), *cells])
        title = "## Largest error of a logit against float64 PyTorch, by the largest logit"
        return f"{title}\n\n" + table(["network", *COLUMNS.values()], rows) if rows else ""

    def floors(self):
        rates, rows = self.results["floors"], []
        if not any(rates.values()):
            return ""
        for name, network in self.networks():
            facts = self.results["networks"][name]
            for threads, batch in self.combinations:
                contestants = self.heat(name, AS_WRITTEN, threads, batch)
                peak, speed = (rates[kind].get(str(threads)) for kind in ("f32", "read"))
                ours, (peer, best) = median(contestants.get("fovea-f32")), best_peer(contestants)
                if not peak or not speed or ours is None:
                    continue
                arithmetic, reading = batch * facts["operations"] / peak / 1e6, 4 * facts["parameters"] / speed / 1e6
                floor = max(arithmetic, reading)
                cells = [number(arithmetic), number(reading), number(ours), f"{floor / ours:.0%}"]
                rows.append([network.title, f"{threads}, {batch}", *cells, f"{floor / best:.0%} ({COLUMNS[peer]})" if best else ABSENT])
        limits = [
            [threads, *(number(rates[kind].get(threads)) for kind in ("f32", "bf16", "read"))] for threads in sorted(rates["f32"], key=int)]
        head = ["network", "threads, batch", "arithmetic, ms", "reading the weights, ms", "Fovea f32, ms", "of the greater limit", "best peer"]
        return (
            "## The machine's limits\n\nMeasured between the heats, the best of the run. Arithmetic is that of direct convolution: "
            "Winograd's does less, and can pass it.\n\n"
            + table(["threads", "float32, GFLOP/s", "bfloat16, GFLOP/s", "memory read, GB/s"], limits) + "\n\n" + table(head, rows))

    def handovers(self):
        """How far apart two threads' processors were, in words."""
        named = [(f"{heat['network']} {heat['form']}", heat) for heat in self.results["heats"]]
        named += [(f"costs on {heat['family']} in {heat['precision']}", heat) for heat in self.results["costs"]]
        heats = [(name, heat, max(heat["handover_ns"])) for name, heat in named if None not in heat.get("handover_ns", [None])]
        if not heats:
            return ""
        nearest = min(min(heat["handover_ns"]) for _, heat, _ in heats)
        far = [f"{name} at batch {heat['batch']} ({time:.0f})" for name, heat, time in heats if time > 2 * nearest]
        return (
            "## How far apart two threads' processors were\n\n"
            f"A cache line went from one thread's processor to the other's and back in {nearest:.0f} ns where they were nearest. "
            + (f"Before or after these heats they were more than twice as far apart: {', '.join(far)}." if far else "They were so in all heats."))

    def memory(self):
        rows = []
        for name, network in self.networks():
            cells = []
            for runtime in COLUMNS:
                peaks = [self.heat(name, AS_WRITTEN, *pair).get(runtime, {}).get("peak_mb") for pair in self.combinations]
                peaks = [peak for peak in peaks if peak is not None]
                cells.append(f"{min(peaks):.0f}–{max(peaks):.0f}" if peaks else ABSENT)
            rows.append([network.title, f"{4 * self.results['networks'][name]['parameters'] / 2**20:.0f}", *cells])
        title = "## Most memory that a process held, MB, least to most over threads and batches"
        return f"{title}\n\n" + table(["network", "weights in float32", *COLUMNS.values()], rows) if rows else ""

    def failures(self):
        told = []
        heats = [(f"{heat['network']} {heat['form']}", heat) for heat in self.results["heats"]]
        heats += [(f"{heat['family']} costs, {heat['precision']}", heat) for heat in self.results["costs"]]
        for where, heat in heats:
            for name, result in heat["contestants"].items():
                for what in (result.get("failed"), result.get("unchecked")):
                    line = f"* {where}: {name}: {what}"
                    if what and line not in told:
                        told.append(line)
        return "## What did not run, or was not checked\n\n" + "\n".join(told) if told else ""


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        print(Report(json.load(file)).text(), end="")


if __name__ == "__main__":
    main()
