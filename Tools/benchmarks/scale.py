"""What must not grow: a replica of a million articles in 500 feeds with 100,000 marks pending against one of a thousand
articles with none, and a server of 10,000 readers of 50,000 marks each against one with a single reader of as many."""
import contextlib
import hashlib
import pathlib
import sqlite3

from . import dataset, made_feed, nothing_new
from .bench import Bench, same
from .dataset import READ_SHARE, Dataset, ask
from .relay import relaying
from .rows import BenchError, against, whole

LIST = "list the newest 50 unread, a million articles against a thousand"
FEED = "list the newest 50 of one feed, a million articles against a thousand"
RARE = "search of two rare words, a million articles against a thousand"
COMMON = "search of two common words, a million articles against 100,000"
MARK = "save one article, a million articles against a thousand"
QUIET = "sync with nothing new, a million articles against a thousand"
SEND = "sync of 100 changes, a million articles against a thousand"
MEMORY = "peak memory of a first sync, a million articles against ten thousand"
READERS = "syncs with nothing new a second, 10,000 readers against one"
ROWS = (LIST, FEED, COMMON, RARE, MARK, QUIET, SEND, MEMORY, READERS)
# Of the articles' text: what is measured depends on how many there are.
SIZE = 1_000
GOAL = 1.2
# Readers whose syncs are measured; the rest are only there.
ASKED = 500
CONNECTIONS = 8


def measure(bench: Bench, wanted: set[str]):
    small = Dataset(bench, bench.several(1_000, 300), SIZE)
    large = Dataset(bench, bench.several(1_000_000, 2_000), SIZE, bench.several(500, 5))
    if wanted - {READERS}:
        yield from replicas(bench, wanted, small, large)
    if READERS in wanted:
        yield readers(bench)


def replicas(bench: Bench, wanted: set[str], small: Dataset, large: Dataset):
    both = {"small": small, "large": large}
    files = {}
    for name, data in both.items():
        data.make_replica(READ_SHARE)
        files[name] = dataset.copy(data.replica, bench.scratch / f"{name}.sqlite")
    pending = bench.several(100_000, 1_000)
    large.mark("save", files["large"], large.unread(files["large"], pending))
    same("changes pending", ask(files["large"], "SELECT count(*) FROM change WHERE state = 0")[0][0], pending)
    size = f"{large} with {pending:,} changes pending against {small.articles:,}"
    words = made_feed.Prose(0).words
    feed = {name: ask(path, "SELECT min(name) FROM feed")[0][0] for name, path in files.items()}
    if COMMON in wanted:
        # Of a thousand articles too few have both words: what a search ranks at most must be there on both sides.
        middle = Dataset(bench, bench.several(100_000, 1_000), SIZE)
        pair = {"small": middle.make_replica(READ_SHARE), "large": files["large"]}
        times = alternating(bench, pair, lambda name: (["search", words[200], words[220]], {}))
        yield whole(COMMON, *times, GOAL, f"the same with {middle.articles:,} articles", f"{large} against {middle.articles:,}")
    commands = {
        LIST: lambda name: ["list", "--unread"],
        FEED: lambda name: ["list", "--feed", feed[name]],
        RARE: lambda name: ["search", words[7_900], words[7_800]],
    }
    for row, command in commands.items():
        if row in wanted:
            yield whole(row, *alternating(bench, files, lambda name: (command(name), {})), GOAL,
                        f"the same with {small.articles:,} articles", size)
    if MARK in wanted:
        yield whole(MARK, *marks(bench, files), GOAL, f"the same with {small.articles:,} articles", size)
    if wanted & {QUIET, SEND}:
        yield from syncs(bench, wanted, both, files)
    if MEMORY in wanted:
        yield memory(bench, large)


def alternating(bench: Bench, files: dict, command) -> tuple[list, list]:
    """Runs of the large and of the small replica, in turn."""
    times = {"small": [], "large": []}
    for _ in range(bench.runs):
        for name, path in files.items():
            words, more = command(name)
            times[name].append(
                bench.often([bench.client, *words, "--replica", path], bench.several(9, 2), **more))
    return times["large"], times["small"]


def marks(bench: Bench, files: dict) -> tuple[list, list]:
    """One article saved and let go, in turn: each is a process, a transaction and a flush."""
    chosen = {name: ask(path, "SELECT lower(hex(id)) FROM article WHERE is_saved = 0 ORDER BY row LIMIT 1")[0][0]
              for name, path in files.items()}
    times = {"small": [], "large": []}
    for run in range(2 * max(bench.runs, bench.several(9, 2))):
        for name, path in files.items():
            how = "save" if run % 2 == 0 else "unsave"
            times[name].append(bench.timed([bench.client, how, chosen[name], "--replica", path])[0])
    return times["large"], times["small"]


def syncs(bench: Bench, wanted: set[str], both: dict, files: dict):
    """What is pending leaves first; its time is said, and no part of the rows."""
    with contextlib.ExitStack() as stack:
        tokens = {}
        for name, data in both.items():
            # A copy: the kept server stays as it is.
            server = dataset.copy(data.database, bench.scratch / f"{name}-server.sqlite")
            dataset.point(files[name], stack.enter_context(data.serving(server)))
            tokens[name] = data.with_token
            took = bench.timed([bench.client, "sync", "--replica", files[name]], **tokens[name])[0]
            dataset.say(f"what was pending in the {name} replica left in {took.milliseconds:.0f} ms")
            same("changes left", ask(files[name], "SELECT count(*) FROM change WHERE state = 0")[0][0], 0)
        size = f"{both['large']} against {both['small'].articles:,}"
        against_small = f"the same with {both['small'].articles:,} articles"
        if QUIET in wanted:
            times = alternating(bench, files, lambda name: (["sync"], tokens[name]))
            yield whole(QUIET, *times, GOAL, against_small, size)
        if SEND in wanted:
            yield whole(SEND, *sending(bench, both, files), GOAL, against_small, f"{size}, 100 changes")
    for name in both:
        dataset.remove(bench.scratch / f"{name}-server.sqlite")


def sending(bench: Bench, both: dict, files: dict) -> tuple[list, list]:
    times = {"small": [], "large": []}
    count = bench.several(100, 20)
    chosen = {name: data.unread(files[name], count) for name, data in both.items()}
    for run in range(bench.runs + 1):
        for name, data in both.items():
            data.mark("read" if run % 2 == 0 else "unread", files[name], chosen[name])
            same("changes to send", ask(files[name], "SELECT count(*) FROM change WHERE state = 0")[0][0], count)
            dataset.settle(files[name])
            took = bench.timed([bench.client, "sync", "--replica", files[name]], **data.with_token)[0]
            same("changes left", ask(files[name], "SELECT count(*) FROM change WHERE state = 0")[0][0], 0)
            # The first is not counted: it reads the files into memory.
            if run > 0:
                times[name].append(took)
    return times["large"], times["small"]


def memory(bench: Bench, large: Dataset):
    """One run of the large one: it takes minutes."""
    few = Dataset(bench, bench.several(10_000, 600), SIZE)
    peaks = []
    for data in (few, large):
        with data.serving() as url:
            replica = data.new_replica(url)
            peaks.append([bench.timed([bench.client, "sync", "--replica", replica], **data.with_token)[0].peak])
            dataset.remove(replica)
    return against(MEMORY, peaks[1], peaks[0], "MB", 1.1, f"the same with {few.articles:,} articles", f"{large}, one run")


# Readers

# Each column of `version` and its reader's number in place of the one that is copied.
COPIED = """
INSERT INTO version SELECT ?1, sequence, received, note_base, replica, number, stamp, seen, seen_also, entity, field, value,
text, base, extra FROM version WHERE reader = 1"""


def readers(bench: Bench):
    """The one reader's marks were made and sent by the real programs; the others' are copies of them, made in the server's
    file as its compaction leaves them: the marks are there, the log's entries are not."""
    data = Dataset(bench, bench.several(50_000, 500), 200)
    data.make_replica()
    folder = bench.data / f"readers-{bench.several(10_000, 100)}x{data.articles}"
    one, many = folder / "one.sqlite", folder / "many.sqlite"
    count = bench.several(10_000, 100)
    if not (folder / "whole").exists():
        dataset.say(f"making a server of {count:,} readers of {data.articles:,} marks each, once")
        make_readers(data, folder, one, many, count)
    same("marks of each reader",
         ask(many, "SELECT min(n), max(n) FROM (SELECT count(*) AS n FROM version WHERE reader IN (1, 2, ?) GROUP BY reader)",
             count), [(data.articles, data.articles)])
    values, limits = [], []
    tokens = (folder / "tokens").read_text().split()
    for _ in range(bench.runs):
        for database, rates, who in ((many, values, tokens), (one, limits, tokens[:1])):
            with data.serving(database) as url:
                rates.append(rate(bench, data, url, folder, who))
    return against(
        READERS, values, limits, "1/s", GOAL, "the same server with one reader", more_is_better=True,
        size=f"{count:,} readers of {data.articles:,} marks each, {len(tokens)} of them syncing")


def rate(bench: Bench, data: Dataset, url: str, folder: pathlib.Path, tokens: list[str]) -> float:
    replica = dataset.copy(folder / "replica.sqlite", bench.scratch / "reader.sqlite")
    with relaying(url) as (address, seen):
        dataset.point(replica, address)
        bench.output([bench.client, "sync", "--replica", replica], READER_SYNC_TOKEN=tokens[0])
    asked = seen[-1]
    if len(seen) != 1 or asked.status != 200 or len(nothing_new.unpacked(asked)) > 500:
        raise BenchError("the measured sync is not one with nothing new")
    port = url.rsplit(":", 1)[1]
    paths = []
    for number, token in enumerate(tokens):
        path = bench.scratch / f"request-{number}"
        path.write_bytes(nothing_new.request(asked, port, token))
        paths.append(path)
    found = bench.figures([bench.limit("http_load"), port, CONNECTIONS, bench.several(4, 1), *paths])
    if found["answers"] < 10 or found["bytes"] < 20:
        raise BenchError(f"the server answered only {found}")
    return found["per_second"]


def make_readers(data: Dataset, folder: pathlib.Path, one: pathlib.Path, many: pathlib.Path, count: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    replica = dataset.copy(data.replica, folder / "replica.sqlite")
    dataset.copy(data.database, one)
    with data.serving(one) as url:
        dataset.point(replica, url)
        data.mark("read", replica, data.unread(replica, data.articles))
        data.sync(replica)
    dataset.settle(replica)
    dataset.settle(one)
    dataset.copy(one, many)
    tokens = [data.token]
    with contextlib.closing(sqlite3.connect(many, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = OFF")
        db.execute("PRAGMA synchronous = OFF")
        db.execute("PRAGMA cache_size = -400000")
        db.execute("BEGIN")
        for reader in range(2, count + 1):
            token = "rs_" + hashlib.sha256(f"made-up reader {reader}".encode()).hexdigest()
            if len(tokens) < ASKED and reader % (count // min(ASKED, count)) == 0:
                tokens.append(token)
            db.execute("INSERT INTO reader (id, name, created) VALUES (?, ?, 0)", (reader, f"reader-{reader}"))
            db.execute(
                "INSERT INTO head SELECT ?, sequence, prefix, sequence, prefix, sequence FROM head WHERE reader = 1", (reader,))
            db.execute(
                "INSERT INTO device (reader, name, token_hash, created) VALUES (?, 'device', ?, 0)",
                (reader, hashlib.sha256(token.encode()).digest()))
            db.execute("INSERT INTO replica_mark SELECT ?, replica, high_water FROM replica_mark WHERE reader = 1", (reader,))
            db.execute(COPIED, (reader,))
            if reader % 1_000 == 0:
                dataset.say(f"{reader:,} readers made")
        db.execute("COMMIT")
        db.execute("PRAGMA journal_mode = WAL")
    dataset.flush(many)
    (folder / "tokens").write_text("\n".join(tokens))
    (folder / "whole").touch()
