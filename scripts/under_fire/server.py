"""`fovea serve` as a process."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

from . import ROOT
from .clients import Connection


class Server:
    """A server on a port of its own, from start to SIGTERM."""

    def __init__(self, options, *arguments, models=ROOT / "weights", log=None):
        command = [options.server, "serve", "--models", str(models), "--port", "0", "--log-level", "error", *arguments]
        if options.processors:
            command = ["taskset", "-c", options.processors, *command]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)
        line = self.process.stdout.readline()
        if "://" not in line:
            sys.exit(f"the server did not start: {line}")
        self.port = int(line.rsplit(":", 1)[1])

    async def ready(self, tls=None):
        for _ in range(600):
            connection = await Connection.open(self.port, tls)
            status, _ = await connection.ask("GET", "/readyz")
            connection.close()
            if status == 200:
                return self
            await asyncio.sleep(0.05)
        sys.exit("the server is not ready after half a minute")

    @property
    def resident(self):
        """Megabytes."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        return 0

    @property
    def processor(self):
        """Seconds of processor time so far, which say more than the clock where other programs run beside."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    @property
    def switches(self):
        """How often its threads stopped running so far, because they waited or because another ran in their place."""
        count = 0
        for status in Path(f"/proc/{self.process.pid}/task").glob("*/status"):
            count += sum(int(line.split()[1]) for line in status.read_text().splitlines() if "ctxt_switches" in line)
        return count

    @property
    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    async def stop(self):
        """Returns the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return await asyncio.to_thread(self.process.wait, 60)
