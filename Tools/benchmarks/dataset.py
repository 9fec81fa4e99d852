"""Servers with made-up articles and replicas of them: made once by the programs themselves, kept in .build/bench/data."""
import contextlib
import dataclasses
import hashlib
import json
import os
import pathlib
import shutil
import sqlite3
import sys

from . import made_feed
from .bench import Bench, same
from .rows import BenchError

INGEST_AT_ONCE = 5
# Of a large replica: the newest tenth is read.
READ_SHARE = 0.1


@dataclasses.dataclass
class Dataset:
    """`publications` that have `articles` articles of about `size` bytes between them, on a server with one reader, ann, of
    several devices; and a device's replica that holds all of it."""

    bench: Bench
    articles: int
    size: int
    publications: int = 1

    def __post_init__(self):
        name = f"{self.articles}x{self.size}" + (f"in{self.publications}" if self.publications > 1 else "")
        self.folder = self.bench.data / name
        self.database = self.folder / "server.sqlite"
        self.replica = self.folder / "replica.sqlite"
        self._token = self.folder / "token"

    @property
    def token(self) -> str:
        return self._token.read_text().strip()

    @property
    def with_token(self) -> dict[str, str]:
        return {"READER_SYNC_TOKEN": self.token}

    def __str__(self) -> str:
        feeds = f" in {self.publications:,} feeds" if self.publications > 1 else ""
        return f"{self.articles:,} articles of {self.size:,} bytes{feeds}"

    @contextlib.contextmanager
    def serving(self, database: pathlib.Path | None = None):
        """The server runs; gives its address."""
        self.make_server()
        command = [self.bench.server, "serve", "--db", database or self.database, "--port", "0"]
        with self.bench.running(command) as url:
            yield url

    def make_server(self) -> None:
        whole = self.folder / "server.whole"
        if whole.exists():
            return
        say(f"making a server with {self}, once")
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        waiting: list[pathlib.Path] = []
        for path in self._files():
            waiting.append(path)
            if len(waiting) == INGEST_AT_ONCE:
                self._ingest(waiting)
                waiting = []
        if waiting:
            self._ingest(waiting)
        self.bench.output([self.bench.server, "user", "add", "--db", self.database, "ann"])
        printed = self.bench.output([self.bench.server, "device", "token", "--db", self.database, "ann"])
        self._token.touch(mode=0o600)
        self._token.write_text(printed.strip())
        same("articles on the server", ask(self.database, "SELECT count(*) FROM article")[0][0], self.articles)
        settle(self.database)
        whole.touch()

    def _files(self):
        if self.articles % self.publications:
            raise BenchError(f"{self.articles} articles are not a whole number for each of {self.publications} feeds")
        for number in range(self.publications):
            folder = self.folder / "feeds" / str(number)
            yield from made_feed.write_publication(folder, self.articles // self.publications, self.size, number)

    def _ingest(self, files: list[pathlib.Path]) -> None:
        self.bench.output([self.bench.server, "ingest", "--db", self.database, *files])
        for path in files:
            path.unlink()

    def make_replica(self, read_share: float = 0) -> pathlib.Path:
        """The replica, whole and indexed, of the schema that the client now has. A share of it is read, and the server
        knows. It is made anew when a new replica would look otherwise."""
        self.make_server()
        note = self.folder / "replica.json"
        empty = self.new_replica("http://127.0.0.1:1")
        expected = {"schema": schema(empty), "read_share": read_share}
        empty.unlink()
        if note.exists() and json.loads(note.read_text()) == expected:
            return self.replica
        say(f"making a replica of {self}, once")
        note.unlink(missing_ok=True)
        remove(self.replica)
        with self.serving() as url:
            self.bench.output([self.bench.client, "init", "--replica", self.replica])
            point(self.replica, url)
            self.sync(self.replica)
            count = int(self.articles * read_share)
            if count:
                self.mark("read", self.replica, self.unread(self.replica, count))
                self.sync(self.replica)
        check_whole(self.replica, self.articles)
        settle(self.replica)
        note.write_text(json.dumps(expected))
        return self.replica

    def new_replica(self, url: str, name: str = "new.sqlite") -> pathlib.Path:
        """An empty replica that syncs with `url`."""
        path = self.bench.scratch / name
        remove(path)
        self.bench.output([self.bench.client, "init", "--replica", path])
        point(path, url)
        return path

    def sync(self, replica: pathlib.Path) -> None:
        self.bench.output([self.bench.client, "sync", "--replica", replica], **self.with_token)

    def unread(self, replica: pathlib.Path, count: int) -> str:
        """The newest unread articles, as a command prints them and another takes them."""
        command = [self.bench.client, "list", "--unread", "--json", "--limit", count, "--replica", replica]
        text = self.bench.output(command)
        same("articles listed", len(json.loads(text)["items"]), count)
        return text

    def mark(self, how: str, replica: pathlib.Path, articles: str) -> int:
        """Marks articles; how many marks were recorded."""
        command = [self.bench.client, how, "-", "--json", "--replica", replica]
        return json.loads(self.bench.given(command, articles))["recorded"]

    def pages(self, url: str) -> list[str]:
        """The addresses of the whole history, the newest first."""
        name, generation, count = ask(self.database, "SELECT id, generation, count FROM publication")[0]
        base = f"{url}/v1/publications/{name}/{generation}"
        tail = [f"{base}/tail?from={count // 128 * 128}"] if count % 128 else []
        return tail + [f"{base}/tiles/{number}" for number in range(count // 128 - 1, -1, -1)]


def ask(path: pathlib.Path, sql: str, *arguments) -> list[tuple]:
    """What a query finds in a file that another process may be writing."""
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)) as db:
        return db.execute(sql, arguments).fetchall()


def point(replica: pathlib.Path, url: str) -> None:
    """Makes a replica sync with a server that listens elsewhere now: ports are free ones, so they change."""
    with contextlib.closing(sqlite3.connect(replica)) as db, db:
        if db.execute("UPDATE replica SET remote = ?", (url,)).rowcount != 1:
            raise BenchError(f"{replica} has no row of its own")


def schema(replica: pathlib.Path) -> str:
    rows = ask(replica, "SELECT type, name, sql FROM sqlite_schema ORDER BY type, name")
    rows += ask(replica, "PRAGMA page_size")
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def check_whole(replica: pathlib.Path, articles: int) -> None:
    same("articles in the replica", ask(replica, "SELECT count(*) FROM article")[0][0], articles)
    same("articles in its index", ask(replica, "SELECT count(*) FROM article_index_docsize")[0][0], articles)


def settle(path: pathlib.Path) -> None:
    """Puts all that is written into the file itself, and the file onto the disk: nothing of it is left to be paid for by
    what is measured next."""
    with contextlib.closing(sqlite3.connect(path)) as db:
        busy = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    if busy:
        raise BenchError(f"{path} is in use")
    flush(path)


def flush(path: pathlib.Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def copy(source: pathlib.Path, target: pathlib.Path) -> pathlib.Path:
    """Copies a settled file."""
    remove(target)
    shutil.copyfile(source, target)
    flush(target)
    return target


def remove(path: pathlib.Path) -> None:
    for suffix in ("", "-wal", "-shm", "-sync.lock"):
        pathlib.Path(str(path) + suffix).unlink(missing_ok=True)


def say(text: str) -> None:
    print(f"bench: {text}", file=sys.stderr)
