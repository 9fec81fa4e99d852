"""A sync that finds nothing new: the client's whole process, its requests, and how many of them the server answers."""
import gzip
import pathlib

from . import dataset
from .bench import Bench, same
from .dataset import Dataset
from .relay import Exchange, relaying
from .rows import BenchError, against, at_most, whole

PROCESS = "sync with nothing new, whole process"
REQUESTS = "sync with nothing new, requests"
SERVED = "server, syncs with nothing new a second"
ROWS = (PROCESS, REQUESTS, SERVED)
CONNECTIONS = 8


def measure(bench: Bench, wanted: set[str]):
    data = Dataset(bench, bench.several(10_000, 600), 5_000)
    data.make_replica()
    replica = dataset.copy(data.replica, bench.scratch / "nothing.sqlite")
    with data.serving() as url:
        with relaying(url) as (address, seen):
            dataset.point(replica, address)
            data.sync(replica)
        if not seen or seen[-1].path != "/v1/sync" or seen[-1].status != 200:
            raise BenchError("a sync with nothing new ended with another request than /v1/sync")
        if REQUESTS in wanted:
            yield at_most(REQUESTS, [float(len(seen))], 1, "", str(data))
        dataset.point(replica, url)
        if PROCESS in wanted:
            yield process(bench, data, replica, url, seen[-1])
        if SERVED in wanted:
            yield served(bench, data, url, seen[-1])


def process(bench: Bench, data: Dataset, replica: pathlib.Path, url: str, asked: Exchange):
    body = bench.scratch / "body.json"
    body.write_bytes(asked.request)
    curl = ["curl", "-sSf", "--compressed", "-H", f"Authorization: Bearer {data.token}", "-H",
            "Content-Type: application/json", "--data-binary", f"@{body}", f"{url}/v1/sync"]
    # The answer holds the time and the cursor: the same number of bytes, but for the time's digits.
    same("bytes of an answer with nothing new", len(unpacked(asked)), len(bench.output(curl).encode()))
    values, limits = [], []
    for _ in range(bench.runs):
        starts = bench.several(9, 2)
        values.append(bench.often([bench.client, "sync", "--replica", replica], starts, **data.with_token))
        limits.append(bench.often(curl, starts))
    return whole(PROCESS, values, limits, 2, "curl of the same answer, whole process", str(data))


def unpacked(exchange: Exchange) -> bytes:
    return gzip.decompress(exchange.answer) if exchange.answer[:2] == b"\x1f\x8b" else exchange.answer


def served(bench: Bench, data: Dataset, url: str, asked: Exchange):
    port = url.rsplit(":", 1)[1]
    sync, constant = bench.scratch / "sync.http", bench.scratch / "constant.http"
    sync.write_bytes(request(asked, port, data.token))
    constant.write_bytes(f"GET /v1/hello HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
    values, limits = [], []
    for _ in range(bench.runs):
        for file, rates in ((sync, values), (constant, limits)):
            found = bench.figures([bench.limit("http_load"), port, CONNECTIONS, bench.several(3, 1), file])
            if found["answers"] < 10 or found["bytes"] < 20:
                raise BenchError(f"the server answered only {found}")
            rates.append(found["per_second"])
    return against(
        SERVED, values, limits, "1/s", 2, f"the same server answering /v1/hello, {CONNECTIONS} connections", str(data),
        more_is_better=True)


def request(asked: Exchange, port: str, token: str) -> bytes:
    """A sync that was asked for, as bytes that ask again, with the token of any reader."""
    headers = {name: value for name, value in asked.headers.items() if name.lower() not in ("connection", "host", "authorization")}
    lines = [f"POST /v1/sync HTTP/1.1", f"Host: 127.0.0.1:{port}", f"Authorization: Bearer {token}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + asked.request
