"""The machine's processors: which are whose, and who took them."""

import os
import time
from pathlib import Path


class Processors:
    """Processor time, of the server, of the clients and of other programs, on the processors that the server may use."""

    def __init__(self, server, options):
        self.server, self.shared = server, not options.processors
        names = {f"cpu{number}" for number in os.sched_getaffinity(server.process.pid)}
        self.count, self.names = len(names), names

    def now(self):
        busy = 0
        for line in Path("/proc/stat").read_text().splitlines():
            fields = line.split()
            if fields and fields[0] in self.names:
                # Neither idle nor waiting for a disk; what the machine below took for itself counts.
                busy += sum(int(field) for field in fields[1:9]) - int(fields[4]) - int(fields[5])
        return time.monotonic(), busy / os.sysconf("SC_CLK_TCK"), self.server.processor

    def left(self, before, after, clients):
        """How many of the processors nobody else took, and how many other programs took."""
        seconds, busy, server = (late - early for early, late in zip(before, after))
        clients = clients if self.shared else 0
        others = max(0, busy - server - clients)
        return self.count - (clients + others) / seconds, others / seconds, server


def processor_list(text):
    """Numbers and ranges of processors, "0,4-7", of which "0-6:2" is every second: what taskset's -c takes."""
    numbers = set()
    for part in text.split(","):
        bounds, _, step = part.partition(":")
        first, dash, last = bounds.partition("-")
        if not all(word.isascii() and word.isdigit() for word in (first, last if dash else "0", step or "1")) or step == "0" or (step and not dash):
            raise ValueError(f"'{text}' is no list of processors such as 0,4-7")
        if dash and int(last) < int(first):
            raise ValueError(f"'{part}' ends before it begins")
        numbers.update(range(int(first), int(last if dash else first) + 1, int(step or 1)))
    return numbers
