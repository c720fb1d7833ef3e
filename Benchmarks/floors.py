"""The machine's limits, measured between the runs: arithmetic peaks, memory's read speed, and how far apart two processors are."""

import os
import shutil
import subprocess
from pathlib import Path

KINDS = ("f32", "bf16", "read")


class Floors:
    """Keeps the best rate of each kind, by number of threads: what the machine can do when nothing disturbs it."""

    def __init__(self, folder):
        #: {kind: {threads: billions a second}}; of operations, for `read` of bytes.
        self.rates = {kind: {} for kind in KINDS}
        self._program = None
        compiler = shutil.which(os.environ.get("CC", "cc"))
        if compiler is None:
            return
        program = Path(folder) / "floors"
        source = Path(__file__).with_name("floors.c")
        # Without limits the run is worth as much otherwise; the compiler has said what it does not know of this machine.
        if subprocess.run([compiler, "-O3", "-march=native", "-pthread", source, "-o", program]).returncode == 0:
            self._program = program

    def handover(self, seconds=0.02):
        """Nanoseconds that a cache line takes from one processor to another and back, or `None`.

        The system's or a host's scheduler may put two threads on cores that share a cache and later on cores that do not: the first hand over in some
        fifty nanoseconds and the others in several hundred.
        """
        if self._program is None or len(os.sched_getaffinity(0)) < 2:
            return None
        call = [self._program, "handover", "2", str(seconds)]
        return float(subprocess.run(call, check=True, capture_output=True, text=True).stdout)

    def measure(self, threads, seconds=0.25):
        if self._program is None:
            return
        for kind in KINDS:
            call = [self._program, kind, str(threads), str(seconds)]
            rate = float(subprocess.run(call, check=True, capture_output=True, text=True).stdout)
            if rate > 0:  # the processor has such instructions
                best = self.rates[kind]
                best[str(threads)] = max(rate, best.get(str(threads), 0))
