"""What TLS connections keep in memory while they wait, after an answer of many hundred kilobytes each."""

import asyncio
import ssl
import subprocess
import tempfile

from . import PICTURE
from .clients import Connection
from .judging import judge
from .server import Server

CONNECTIONS = 100
#: Kilobytes that a waiting connection may keep: OpenSSL's own state and the server's, but nothing of the answer.
MOST_KEPT = 100


async def run(options):
    with tempfile.TemporaryDirectory() as folder:
        certificate, key = f"{folder}/certificate.pem", f"{folder}/key.pem"
        made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1", "-subj", "/CN=localhost"]
        subprocess.run([*made, "-keyout", key, "-out", certificate], check=True, capture_output=True)
        trusted = ssl.create_default_context(cafile=certificate)
        trusted.check_hostname = False
        holds, _ = await kept("plain", options, None)
        secured, kilobytes = await kept("TLS", options, trusted, "--tls-certificate", certificate, "--tls-key", key)
    return holds & secured & judge(kilobytes <= MOST_KEPT, f"a TLS connection that waits keeps at most {MOST_KEPT} kB")


async def kept(what, options, tls, *arguments):
    """Whether the server ended well, and by how many kilobytes each connection that waits made it grow."""
    server = await Server(options, *arguments, models=options.models).ready(tls)
    picture, target = PICTURE.read_bytes(), f"/classify?map_size=0&model={options.model}"

    async def ask():
        connection = await Connection.open(server.port, tls)
        _, answer = await connection.ask("POST", target, picture)
        return connection, len(answer)

    # What a first connection makes the process hold for all.
    for _ in range(10):
        connection, _ = await ask()
        connection.close()
    await asyncio.sleep(1)
    before, connections, size = server.resident, [], 0
    for _ in range(CONNECTIONS):
        connection, size = await ask()
        connections.append(connection)
    await asyncio.sleep(1)
    kilobytes = 1000 * (server.resident - before) / CONNECTIONS
    print(f"{what}: {CONNECTIONS} connections that had {size / 1000:.0f} kB each keep {kilobytes:.0f} kB each")
    for connection in connections:
        connection.close()
    code = await server.stop()
    return judge(code == 0, f"the server ended with {code}"), kilobytes
