"""What takes turns in a heat: peers in processes of their own, and Fovea."""

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

HERE = Path(__file__).resolve().parent


class Failed(Exception):
    """A contestant that cannot run, or can no longer: the message is what the tables say."""


@dataclass(frozen=True)
class Stretch:
    """One turn: passes that followed each other, after one that is not counted."""

    passes: int
    least_ms: float
    median_ms: float


class Peer:
    """A `worker.py`. It is stopped (SIGSTOP) between its turns, so that no thread of its pools takes a processor from the others."""

    def __init__(self, runtime, network, folder, form, batch, threads, patience=900):
        log = Path(folder) / "logs" / f"{network}-{runtime}-{form.replace(' ', '-')}-{batch}-{threads}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        self._patience, self._pending = patience, b""
        self.peak_mb = None
        call = [sys.executable, "-W", "ignore", HERE / "worker.py", runtime, network, folder, form, str(batch), str(threads)]
        environment = {**os.environ, "TORCHINDUCTOR_CACHE_DIR": str(Path(folder).resolve() / "inductor")}
        with log.open("wb") as errors:
            self._process = subprocess.Popen(
                call, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, env=environment)
        try:
            self.precision = self._answer()["precision"]
        except Failed:
            self.close()
            raise
        self._process.send_signal(signal.SIGSTOP)

    def run(self, seconds):
        answer = self._ask({"seconds": seconds})
        times = sorted(answer["times_ms"])
        self.peak_mb = answer["peak_mb"]
        return Stretch(len(times), times[0], times[len(times) // 2])

    def logits(self):
        return self._ask({"logits": True})["logits"]

    def close(self):
        self._process.kill()
        self._process.wait()
        self._process.stdin.close()
        self._process.stdout.close()

    def _ask(self, command):
        self._process.send_signal(signal.SIGCONT)
        try:
            self._process.stdin.write(json.dumps(command).encode() + b"\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            raise Failed("its process ended") from None
        answer = self._answer()
        self._process.send_signal(signal.SIGSTOP)
        return answer

    def _answer(self):
        output = self._process.stdout.fileno()
        while b"\n" not in self._pending:
            if not select.select([output], [], [], self._patience)[0]:
                raise Failed(f"no answer within {self._patience} s")
            part = os.read(output, 1 << 20)
            if not part:
                code = self._process.wait()
                raise Failed("killed: out of memory?" if code == -signal.SIGKILL else f"its process ended with {code}")
            self._pending += part
        line, self._pending = self._pending.split(b"\n", 1)
        answer = json.loads(line)
        if "failed" in answer:
            raise Failed(answer["failed"])
        return answer


class Fovea:
    """`fovea bench`, started anew for every turn; loading is no part of its figures."""

    def __init__(self, executable, model, precision, batch, threads):
        self._call = [executable, "bench", model, "--batch", str(batch), "--threads", str(threads), "--json"]
        self._call += precision_arguments(executable, "bench", precision)
        self.precision, self.peak_mb = precision, None

    def run(self, seconds):
        output, self.peak_mb = _measured([*self._call, "--seconds", str(seconds)])
        row = json.loads(output)[0]
        if row["precision"] != self.precision:
            raise Failed(f"ran in {row['precision']}")
        return Stretch(row["passes"], row["min_ms"], row["median_ms"])

    def close(self):
        pass


def fovea_logits(executable, model, precision, pictures, classes):
    """The logits of picture files, by `fovea classify`, in the order of their names."""
    arguments = precision_arguments(executable, "classify", precision)
    call = [executable, "classify", "--model", model, "--top-k", str(classes), "--format", "json", *arguments, *pictures]
    answers = {}
    for line in _measured(call)[0].splitlines():
        answer = json.loads(line)
        logits = [0.0] * classes
        for prediction in answer["result"]["predictions"]:
            logits[prediction["index"]] = prediction["logit"]
        answers[Path(answer["path"]).name] = logits
    return [answers[Path(picture).name] for picture in pictures]


def precision_arguments(executable, command, precision):
    """How a command of this build is told its precision; a build without the option computes in float32."""
    if "--precision" in _help(executable, command):
        return ["--precision", precision]
    if precision != "f32":
        raise Failed(f"`fovea {command}` of this build has no --precision")
    return []


@lru_cache
def _help(executable, command):
    return subprocess.run([executable, command, "--help"], capture_output=True, text=True).stdout


def _measured(call):
    """A command's standard output, and the most memory it held, in MB."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(call, stdout=output, stderr=errors)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            errors.seek(0)
            lines = errors.read().decode(errors="replace").strip().splitlines()
            raise Failed(lines[-1] if lines else f"ended with {process.returncode}")
        output.seek(0)
        return output.read(), usage.ru_maxrss / 1024
