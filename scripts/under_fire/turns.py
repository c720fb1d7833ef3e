"""Requests of one client that take turns, so that what else happens on the machine meets all of them."""

import json
import os
import statistics
import sys
import time

from . import PICTURE
from .clients import Connection
from .judging import judge
from .server import Server

#: Passes that find cold caches and are not counted.
WARM_UP = 3


class Turns:
    """What several kinds of request got: for each, the times of its passes in milliseconds and its last answer."""

    def __init__(self, targets):
        self.targets = targets
        self.times = {what: [] for what in targets}
        self.answers = {}

    async def run(self, port, seconds):
        connection, picture = await Connection.open(port), PICTURE.read_bytes()
        end = time.monotonic() + seconds
        while time.monotonic() < end or self.passes < 5:
            for what, target in self.targets.items():
                status, body = await connection.ask("POST", target, picture)
                if status != 200:
                    sys.exit(f"{status}: {body.decode()}")
                self.answers[what] = json.loads(body)
                self.times[what].append(self.answers[what]["timing_ms"]["inference"])
        connection.close()
        return self

    @property
    def passes(self):
        """Of each kind, those that count."""
        return min(map(len, self.times.values())) - WARM_UP

    def median(self, what):
        return statistics.median(self.times[what][WARM_UP:])

    def least(self, what):
        return min(self.times[what][WARM_UP:])


async def each_number_of_threads(options, targets, tell):
    """Lets the requests take turns on one thread and on all, each with a server of its own. `tell` prints what they got and says whether it holds."""
    holds = True
    for threads in sorted({1, len(os.sched_getaffinity(0))}):
        server = await Server(options, "--threads", str(threads), models=options.models).ready()
        holds &= tell(threads, await Turns(targets).run(server.port, options.seconds))
        code = await server.stop()
        holds &= judge(code == 0, f"the server ended with {code}")
    return holds
