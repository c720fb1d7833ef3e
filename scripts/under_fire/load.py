"""Clients in C, since Python's cost more than the server's answers."""

import asyncio
import json
import os
import subprocess
import sys
import tempfile

from . import PICTURE, ROOT


class Load:
    """The clients of Benchmarks/serving/load.c: one thread of C."""

    def __init__(self, options):
        self.isAlone = bool(options.processors)
        self.folder = tempfile.TemporaryDirectory()
        self.program = self.compile("load")

    def compile(self, name):
        program = f"{self.folder.name}/{name}"
        source = ROOT / f"Benchmarks/serving/{name}.c"
        subprocess.run([os.environ.get("CC", "cc"), "-O2", "-o", program, str(source)], check=True)
        return program

    async def run(self, port, target, seconds, *options, picture=PICTURE):
        arguments = [self.program, *options, "-s", str(seconds), str(port), target, str(picture)]
        process = await asyncio.create_subprocess_exec(*arguments, stdout=subprocess.PIPE, preexec_fn=self.first if self.isAlone else None)
        out, _ = await process.communicate()
        return json.loads(out)

    @staticmethod
    def first():
        """On processors of its own the load runs before what else is there, where it may: what it measures is the server then."""
        try:
            os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
        except PermissionError:
            pass


class Crowd:
    """The idle and slow clients of Benchmarks/serving/crowd.c."""

    def __init__(self, program):
        self.program = program

    async def gather(self, idle, slow, port):
        pipe = asyncio.subprocess.PIPE
        self.process = await asyncio.create_subprocess_exec(self.program, str(idle), str(slow), str(port), stdin=pipe, stdout=pipe)
        if not await self.process.stdout.readline():
            sys.exit("The idle and slow clients could not connect.")

    async def leave(self):
        """How many of the idle were kept, and what became of the slow."""
        told, _ = await self.process.communicate(b"")
        return json.loads(told)
