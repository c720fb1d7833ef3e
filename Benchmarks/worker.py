#!/usr/bin/env python3
"""One peer with one network, batch and number of threads, in a process of its own: worker.py RUNTIME NETWORK FOLDER FORM BATCH THREADS

Answers each line of JSON on standard input with one on standard output. `{"seconds": s}`: run passes for so long, after one that is
not counted, and tell each one's milliseconds. `{"logits": true}`: tell the logits of the two pictures, repeated to fill the batch.
"""

import ctypes
import json
import os
import signal
import sys
import time
from pathlib import Path


def peak_mb():
    """The most memory that this process ever held, in MB."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def measure(run, x, seconds):
    run(x)
    times = []
    start = time.perf_counter()
    while True:
        before = time.perf_counter()
        run(x)
        now = time.perf_counter()
        times.append(1000 * (now - before))
        if now - start >= seconds:
            return times


def serve(arguments, reply):
    # The driver holds its workers stopped between their turns; a stopped process would outlive it.
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    runtime, network, folder, form, batch, threads = arguments
    os.environ.setdefault("TORCHINDUCTOR_COMPILE_THREADS", "1")
    import numpy as np

    from runtimes import RUNTIMES, Case

    case = Case(network, Path(folder) / network, form, int(batch), int(threads))
    run, precision = RUNTIMES[runtime](case)
    pictures = np.load(case.folder / "pictures.npy")
    x = np.ascontiguousarray(pictures[np.arange(case.batch) % len(pictures)])
    run(x)
    reply({"ready": True, "precision": precision})
    for line in sys.stdin:
        command = json.loads(line)
        if "seconds" in command:
            reply({"times_ms": measure(run, x, command["seconds"]), "peak_mb": peak_mb()})
        else:
            reply({"logits": run(x).tolist()})


def main():
    # Libraries print as they please: what they print goes to standard error, the answers to what standard output was.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)

    def reply(message):
        answers.write(json.dumps(message) + "\n")
        answers.flush()

    try:
        serve(sys.argv[1:], reply)
    except Exception as error:  # the row of this runtime says what went wrong; the run goes on
        reply({"failed": f"{type(error).__name__}: {error}".splitlines()[0][:300]})
        raise


if __name__ == "__main__":
    main()
