"""Clients in Python, which ask one question after the other."""

import asyncio
import time
from collections import Counter

from . import PICTURE


def classify(model):
    return f"/classify?attention=none&model={model}"


class Lost(Exception):
    """The connection ended before the answer did; `reused` tells whether it had answered a request before, `silent` for how many seconds it had asked none."""

    def __init__(self, reused, silent):
        super().__init__("lost")
        self.reused, self.silent = reused, silent


class Connection:
    """A client that asks one question after the other."""

    def __init__(self, reader, writer):
        self.reader, self.writer, self.answers, self.isOpen = reader, writer, 0, True
        self.opened = time.monotonic()

    @classmethod
    async def open(cls, port, tls=None):
        return cls(*await asyncio.open_connection("127.0.0.1", port, ssl=tls))

    async def ask(self, method, path, body=b"", type="application/octet-stream", token=None):
        head = f"{method} {path} HTTP/1.1\r\nHost: fire\r\n"
        if body or method == "POST":
            head += f"Content-Length: {len(body)}\r\nContent-Type: {type}\r\n"
        if token:
            head += f"Authorization: Bearer {token}\r\n"
        return await self.send(head.encode() + b"\r\n" + body)

    async def send(self, request):
        silent = time.monotonic() - self.opened
        try:
            self.writer.write(request)
            await self.writer.drain()
        except ConnectionError:
            pass  # The answer may have come before the end.
        try:
            head = await self.reader.readuntil(b"\r\n\r\n")
            while head.startswith(b"HTTP/1.1 1"):
                head = await self.reader.readuntil(b"\r\n\r\n")
            fields = head.lower()
            at = fields.find(b"content-length: ")
            length = int(fields[at + 16 : fields.index(b"\r\n", at)]) if at >= 0 else 0
            body = await self.reader.readexactly(length)
        except (ConnectionError, asyncio.IncompleteReadError):
            self.close()
            raise Lost(self.answers > 0, silent) from None
        self.answers += 1
        if b"connection: close" in fields:
            self.close()
        return int(head[9:12]), body

    def close(self):
        self.isOpen = False
        self.writer.close()


class Clients:
    """Closed loops of clients, and what became of their requests."""

    def __init__(self, port, model):
        self.port, self.path, self.picture = port, classify(model), PICTURE.read_bytes()
        self.statuses, self.times = Counter(), []
        self.lost = self.raced = self.refused = 0
        self.isOver = False

    async def run(self, count, seconds=None, keeps=lambda index: True):
        tasks = [asyncio.create_task(self.loop(keeps(index))) for index in range(count)]
        if seconds is not None:
            await asyncio.sleep(seconds)
            self.isOver = True
        await asyncio.gather(*tasks)
        return self

    async def loop(self, keeps):
        connection = None
        while not self.isOver:
            try:
                if connection is None or not connection.isOpen:
                    connection = await Connection.open(self.port)
                start = time.perf_counter()
                status, _ = await connection.ask("POST", self.path, self.picture)
                self.times.append(time.perf_counter() - start)
                self.statuses[status] += 1
                if not keeps:
                    connection.close()
            except Lost as lost:
                # A request behind an answer may cross the server's closing of the idle connection (RFC 9112, 9.3.1); a first one may not.
                if lost.reused:
                    self.raced += 1
                else:
                    self.lost += 1
            except OSError:
                self.refused += 1
                return
        if connection:
            connection.close()
