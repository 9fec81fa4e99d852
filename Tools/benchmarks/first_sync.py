"""A new device: its first screen, until all articles can be listed and read, until all are in the full-text index.

The limit downloads the same pages and puts the same rows by prepared statements in C, without any index; for the full-text
index it then builds that one in bulk. The client fetches while it inserts; the limit does one after the other, as the design
counts it."""
import json
import pathlib

from . import dataset
from .bench import Bench, same
from .dataset import Dataset, ask
from .rows import Row, against
from .watch import Watched

LISTED = "first sync, until all can be listed and read"
INDEXED = "first sync, until the full-text index is complete"
SCREEN = "first screen of a new device: newest 50 listed"
ROWS = (LISTED, INDEXED, SCREEN)
SCREENFUL = 50
TILE = 128
TEXTS = "SELECT count(*), sum(length(html)), sum(length(text)) FROM article_body"


def measure(bench: Bench, wanted: set[str]):
    data = Dataset(bench, bench.several(10_000, 600), 5_000)
    data.make_replica()
    with data.serving() as url:
        if wanted & {LISTED, INDEXED}:
            yield from whole(bench, data, url)
        if SCREEN in wanted:
            yield screen(bench, data, url)


def whole(bench: Bench, data: Dataset, url: str) -> list[Row]:
    listed, indexed, first, second = [], [], [], []
    for _ in range(bench.runs):
        replica = data.new_replica(url)
        sync = begin(bench, data, replica)
        listed.append(sync.until(replica, data.articles))
        sync.finish()
        if ask(replica, "SELECT count(*) FROM article_index_docsize")[0][0] < data.articles:
            # The index may follow; a search completes it.
            bench.output([bench.client, "search", "ban", "--replica", replica])
        indexed.append(sync.milliseconds)
        dataset.check_whole(replica, data.articles)
        parts = limit(bench, data, data.pages(url), 0)
        same("articles of a first sync", data.articles, int(parts["articles"]))
        first.append((parts["download"] + parts["insert"]) / 1e6)
        second.append((parts["download"] + parts["insert"] + parts["index"]) / 1e6)
    download = "download + prepared inserts in C, no index"
    return [
        against(LISTED, listed, first, "ms", 1.5, download, str(data)),
        against(INDEXED, indexed, second, "ms", 1.3, download + ", + bulk FTS5 build in C", str(data)),
    ]


def screen(bench: Bench, data: Dataset, url: str) -> Row:
    newest = [row[0] for row in ask(
        data.replica, f"SELECT lower(hex(id)) FROM article ORDER BY listed DESC, row DESC LIMIT {SCREENFUL}")]
    tile = [page for page in data.pages(url) if "/tiles/" in page][:1]
    values, limits = [], []
    for _ in range(bench.runs):
        replica = data.new_replica(url)
        sync = begin(bench, data, replica)
        try:
            sync.until(replica, SCREENFUL)
            text = bench.output([bench.client, "list", "--json", "--limit", SCREENFUL, "--replica", replica])
            values.append(sync.milliseconds)
        finally:
            sync.kill()
        same("the newest articles", [item["id"] for item in json.loads(text)["items"]], newest)
        parts = limit(bench, data, tile, TILE)
        same("articles of a tile", TILE, int(parts["articles"]))
        limits.append((parts["download"] + parts["insert"]) / 1e6)
    return against(SCREEN, values, limits, "ms", 3, "one round trip + one tile inserted in C", str(data))


def begin(bench: Bench, data: Dataset, replica: pathlib.Path) -> Watched:
    return Watched(bench, [bench.client, "sync", "--quiet", "--replica", replica], **data.with_token)


def limit(bench: Bench, data: Dataset, pages: list[str], rows: int) -> dict[str, float]:
    addresses, target = bench.scratch / "addresses", bench.scratch / "limit.sqlite"
    dataset.remove(target)
    addresses.write_text("".join(page + "\n" for page in pages))
    parts = bench.figures([bench.limit("first_sync"), data.replica, target, addresses, data.token, rows])
    if parts["index"] > 0:
        same("articles in the limit's index", ask(target, "SELECT count(*) FROM article_index_docsize")[0][0], data.articles)
    held = ask(target, TEXTS)
    same("texts of the limit", held, ask(data.replica, TEXTS + (f" WHERE article <= {rows}" if rows else "")))
    return parts
