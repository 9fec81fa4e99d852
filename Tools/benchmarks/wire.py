"""How many bytes a state change costs on the wire, against what the changes say.

The bound. The trace is drawn from a source whose chances are known, so no code for it can be shorter on average than its
entropy: each of `count` changes marks another article of the `articles` (log2 of the number of orders, shared out:
log2(articles! / (articles - count)!) / count bits), as read with a chance of 0.8 and as saved otherwise (0.72 bits; the value
is always true: 0 bits), at an instant in milliseconds that follows the one before by an exponentially distributed pause of 40
seconds on average (its differential entropy at a grain of one millisecond: log2(e * 40,000) bits). Replica, numbers,
sequences and the server's times are not counted: they follow from the rest or are the same for all.

The marks are made by the client; then their instants and their order are set in its file, for they would all be made in the
same second. All bodies are counted as they are on the wire, the heads of HTTP are not."""
import contextlib
import json
import math
import pathlib
import random
import sqlite3
import time

from . import dataset
from .bench import Bench, same
from .dataset import Dataset, ask
from .relay import Exchange, relaying
from .rows import BenchError, against, at_most

ENTROPY = "wire size of a state change pulled, against its entropy"
PULLED = "wire size of a state change pulled, gzip"
PUSHED = "wire size of a state change pushed"
ROWS = (ENTROPY, PULLED, PUSHED)
# Bytes, of the design.
MOST = 8
CHANCE_OF_READ = 0.8
PAUSE = 40_000  # ms


def measure(bench: Bench, wanted: set[str]):
    data = Dataset(bench, bench.several(10_000, 600), 5_000)
    data.make_replica()
    count = data.articles
    server = dataset.copy(data.database, bench.scratch / "wire-server.sqlite")
    author = dataset.copy(data.replica, bench.scratch / "wire-author.sqlite")
    with data.serving(server) as url, relaying(url) as (address, seen):
        second = data.new_replica(address, "wire-second.sqlite")
        data.sync(second)
        draw(bench, data, author)
        dataset.point(author, address)
        seen.clear()
        data.sync(author)
        pushed = sum(len(exchange.request) for exchange in syncs(seen)) / count
        seen.clear()
        data.sync(second)
        pulled = sum(len(exchange.answer) for exchange in syncs(seen)) / count
        for exchange in syncs(seen):
            if exchange.answer[:2] != b"\x1f\x8b":
                raise BenchError("an answer with changes is not gzip")
    same("changes pulled", ask(second, "SELECT count(*) FROM change")[0][0], count)
    size = f"{count:,} changes over {data.articles:,} articles"
    if ENTROPY in wanted:
        yield against(ENTROPY, [pulled], [entropy(data.articles, count)], "bytes", None, "entropy of the trace", size)
    if PULLED in wanted:
        yield at_most(PULLED, [pulled], MOST, "bytes", size)
    if PUSHED in wanted:
        yield at_most(PUSHED, [pushed], MOST, "bytes", size)


def syncs(seen: list[Exchange]) -> list[Exchange]:
    return [exchange for exchange in seen if exchange.path == "/v1/sync"]


def entropy(articles: int, count: int) -> float:
    """Bytes for each change."""
    order = (math.lgamma(articles + 1) - math.lgamma(articles - count + 1)) / math.log(2) / count
    rest = 1 - CHANCE_OF_READ
    field = -CHANCE_OF_READ * math.log2(CHANCE_OF_READ) - rest * math.log2(rest)
    return (order + field + math.log2(math.e * PAUSE)) / 8


def draw(bench: Bench, data: Dataset, replica: pathlib.Path) -> None:
    rnd = random.Random(20261124)
    found = json.loads(data.unread(replica, data.articles))["items"]
    articles = sorted(item["id"] for item in found)
    rnd.shuffle(articles)
    fields = ["read" if rnd.random() < CHANCE_OF_READ else "saved" for _ in articles]
    for command, field in (("read", "read"), ("save", "saved")):
        names = "".join(f"{article}\n" for article, own in zip(articles, fields) if own == field)
        data.mark(command, replica, names)
    gaps = [round(rnd.expovariate(1 / PAUSE)) for _ in articles]
    instant = int(time.time() * 1e3) - sum(gaps) - 60_000
    with contextlib.closing(sqlite3.connect(replica)) as db, db:
        first = db.execute("SELECT max(place) FROM change").fetchone()[0] + 1
        changed = 0
        for place, (article, field, gap) in enumerate(zip(articles, fields, gaps), first):
            instant += gap
            changed += db.execute(
                "UPDATE change SET place = ?, stamp = ? WHERE entity = ? AND field = ? AND state = 0",
                (place, instant << 16, b"\x01" + bytes.fromhex(article), field)).rowcount
        same("changes drawn", changed, len(articles))
