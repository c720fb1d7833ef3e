"""Servers that are stopped under load."""

import asyncio
import random
from collections import Counter

from .clients import Clients
from .judging import judge
from .server import Server


async def run(options):
    answered = lost = raced = 0
    codes = Counter()
    for _ in range(options.rounds):
        server = await Server(options).ready()
        clients = Clients(server.port, options.model)
        # Half of the clients come anew for every request.
        running = asyncio.create_task(clients.run(options.clients, keeps=lambda index: index % 2 == 0))
        await asyncio.sleep(0.1 + random.random() * 0.2)
        codes[await server.stop()] += 1
        await running
        answered += clients.statuses[200]
        lost += clients.lost + sum(count for status, count in clients.statuses.items() if status != 200)
        raced += clients.raced
    print(f"{options.rounds} drains: {answered} answered, {lost} lost, {raced} raced on a kept connection, exit codes {dict(codes)}")
    return judge(lost == 0 and set(codes) == {0}, "no accepted request was lost, and every server ended well")
