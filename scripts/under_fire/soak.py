"""Good and bad traffic for half an hour."""

import asyncio
import base64
import json
import random
import statistics
import time
from collections import Counter

from . import PICTURE
from .clients import Connection, Lost
from .judging import judge
from .server import Server


def traffic():
    """A request, and the statuses that may answer it; those of overload may answer any. A `None` among them: the connection may just end."""
    picture = PICTURE.read_bytes()
    boundary = "fire"
    part = f'--{boundary}\r\nContent-Disposition: form-data; name="image"\r\n\r\n'.encode()
    form = part + picture + b"\r\n" + part + picture[:9000] + f"\r\n--{boundary}--\r\n".encode()
    text = json.dumps({"image": base64.b64encode(picture).decode(), "attention": "summary"}).encode()

    def post(path, body, type="application/octet-stream"):
        return f"POST {path} HTTP/1.1\r\nHost: fire\r\nContent-Type: {type}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body

    def get(path):
        return f"GET {path} HTTP/1.1\r\nHost: fire\r\n\r\n".encode()

    half = picture[: len(picture) // 2]
    noise = bytes(range(256)) * 8
    return [
        (post("/classify", picture), {200}),
        (post("/classify?model=vgg16-local-cifar10&map_size=0", picture), {200}),
        (post("/classify?attention=none&top_k=3", picture), {200}),
        (post("/classify", form, f"multipart/form-data; boundary={boundary}"), {200}),
        (post("/classify", text, "application/json"), {200}),
        (get("/models"), {200}),
        (get("/models/odresnet-cifar10"), {200}),
        (get("/livez"), {200}),
        (get("/openapi.json"), {200}),
        (post("/classify", half), {422}),
        (post("/classify", noise), {415}),
        (post("/classify?top_k=-1", picture), {400}),
        (post("/classify?model=nobody", picture), {404}),
        (post("/classify", b'{"image": "', "application/json"), {400}),
        (post("/classify", b"--x", "multipart/form-data; boundary=x"), {400}),
        (get("/nothing"), {404}),
        (b"POST /classify HTTP/1.1\r\nHost: fire\r\n\r\n", {411}),
        (b"POST /classify HTTP/1.1\r\nHost: fire\r\nContent-Length: 99999999999\r\n\r\n", {413}),
        (b"GET /\0 HTTP/1.1\r\n\r\n", {400}),
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", {400}),
        (b"POST /classify HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", {400}),
        (b"POST /classify HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", {400}),
        (noise, {400}),
        (get("/" + "a" * 9000), {414}),
    ]


async def run(options):
    server = await Server(options, "--max-queue", "64").ready()
    kinds, end = traffic(), time.perf_counter() + 60 * options.minutes
    counts, wrong, leaves, late = Counter(), Counter(), 0, 0

    async def client(number):
        nonlocal leaves, late
        generator, connection = random.Random(number), None
        while time.perf_counter() < end:
            index = min(generator.randrange(len(kinds)), generator.randrange(len(kinds)))
            request, expected = kinds[index]
            try:
                if connection is None or not connection.isOpen:
                    connection = await Connection.open(server.port)
                if generator.random() < 0.03:
                    # A client that leaves, anywhere in its request or before the answer.
                    connection.writer.write(request[: generator.randrange(1, len(request) + 1)])
                    await asyncio.sleep(generator.random() * 0.02)
                    connection.close()
                    leaves += 1
                    continue
                status, _ = await connection.send(request)
                counts[status] += 1
                if status not in expected | {429}:
                    wrong[f"{status} for request {index}"] += 1
            except Lost as lost:
                # The server closes a connection that asks nothing for ten seconds; a client that was kept from running so long crosses that.
                if not lost.reused and lost.silent > 9:
                    late += 1
                elif not lost.reused:
                    wrong[f"no answer to request {index}, sent {lost.silent:.1f} s after connecting"] += 1
            except OSError as error:
                wrong[str(error)] += 1

    clients = [asyncio.create_task(client(number)) for number in range(options.clients)]
    sizes, descriptors = [], []
    while time.perf_counter() < end:
        await asyncio.sleep(min(1, max(0, end - time.perf_counter())))
        sizes.append(server.resident)
        descriptors.append(server.descriptors)
    await asyncio.gather(*clients)
    third = max(1, len(sizes) // 3)
    middle, last = statistics.mean(sizes[third : 2 * third]), statistics.mean(sizes[-third:])
    print(f"{sum(counts.values())} answers in {options.minutes} minutes: {dict(sorted(counts.items()))}; {leaves} clients left early, {late} asked after ten silent seconds")
    print(f"resident: {sizes[0]:.1f} MB at first, {middle:.1f} in the middle third, {last:.1f} in the last")
    print(f"descriptors: {max(descriptors[third : 2 * third])} at most in the middle third, {max(descriptors[-third:])} in the last")
    holds = judge(not wrong, f"no answer but those that the requests explain {dict(wrong) or ''}")
    holds &= judge(last <= middle * 1.02, "memory is flat")
    holds &= judge(max(descriptors[-third:]) <= max(descriptors[third : 2 * third]) + 8, "descriptors are flat")
    code = await server.stop()
    return judge(code == 0, f"the server ended with {code}") and holds
