"""Models loaded, unloaded and replaced under load."""

import asyncio
import os
import shutil
import statistics
import tempfile
from collections import Counter
from pathlib import Path

from . import ROOT
from .clients import Clients, Connection
from .judging import judge
from .server import Server

TOKEN = "under-fire"


async def run(options):
    with tempfile.TemporaryDirectory() as folder:
        models = Path(folder) / "models"
        models.mkdir()
        source = ROOT / "weights/odresnet-cifar10"
        for name in ("served", "visiting", "replaced"):
            shutil.copytree(source, models / name)
        tokens = Path(folder) / "tokens"
        tokens.write_text(TOKEN + "\n")
        server = await Server(options, "--admin-token-file", str(tokens), models=models).ready()
        admin = await Connection.open(server.port)
        clients = Clients(server.port, "served")
        running = asyncio.create_task(clients.run(options.clients))
        statuses, sizes = Counter(), []
        for index in range(options.rounds):
            # A new directory takes the old one's place between any two reads of it.
            part = models / ".part"
            shutil.copytree(source, part)

            def replace():
                os.rename(models / "replaced", models / ".old")
                os.rename(part, models / "replaced")
                shutil.rmtree(models / ".old")

            swap = asyncio.get_running_loop().run_in_executor(None, replace)
            for name, verb in (("served", "load"), ("visiting", "unload"), ("visiting", "load"), ("replaced", "load")):
                if not admin.isOpen:
                    admin = await Connection.open(server.port)
                status, _ = await admin.ask("POST", f"/models/{name}/{verb}", token=TOKEN)
                statuses[f"{name} {verb} {status}"] += 1
            await swap
            sizes.append(server.resident)
        clients.isOver = True
        await running
        await asyncio.sleep(1)
        third = max(1, len(sizes) // 3)
        middle, last = statistics.mean(sizes[third : 2 * third]), statistics.mean(sizes[-third:])
        print(f"{options.rounds} rounds: {dict(statuses)}; requests {dict(clients.statuses)}, lost {clients.lost + clients.raced}")
        print(f"resident: {sizes[0]:.1f} MB after the first round, {middle:.1f} in the middle third, {last:.1f} in the last, {server.resident:.1f} at rest")
        holds = judge(set(clients.statuses) == {200} and clients.lost + clients.raced == 0, "no request failed")
        holds &= judge(last <= middle * 1.02, "memory did not grow")
        # While its directory is being replaced a model may be missing or half there; then the one before goes on.
        good = {"served load 200", "visiting unload 200", "visiting load 200", "replaced load 200", "replaced load 409", "replaced load 404"}
        holds &= judge(set(statuses) <= good, "every load and unload was answered as it should")
        code = await server.stop()
        return judge(code == 0, f"the server ended with {code}") and holds
