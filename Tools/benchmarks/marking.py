"""What a reader does: marking everything read offline, and sending a few marks from a small and a large replica."""
from . import dataset
from .bench import Bench, same
from .dataset import READ_SHARE, Dataset, ask
from .rows import whole

MARK = "mark 10,000 read offline, one command"
SEND = "sync of 100 changes, large replica against small"
ROWS = (MARK, SEND)


def measure(bench: Bench, wanted: set[str]):
    if MARK in wanted:
        yield mark(bench)
    if SEND in wanted:
        yield send(bench)


def mark(bench: Bench):
    data = Dataset(bench, bench.several(10_000, 600), 5_000)
    data.make_replica()
    ours, theirs = bench.scratch / "ours.sqlite", bench.scratch / "theirs.sqlite"
    values, limits = [], []
    for _ in range(bench.runs):
        dataset.copy(data.replica, ours)
        values.append(bench.timed([bench.client, "read", "--all", "--replica", ours])[0])
        dataset.copy(data.replica, theirs)
        limits.append(bench.timed([bench.limit("mark_read"), theirs])[0])
        same("marks", marks(ours), marks(theirs))
        same("marks", marks(ours)[0][0], data.articles)
    return whole(MARK, values, limits, 1.5, "same UPDATE and log INSERT in C, whole process", str(data))


def marks(path) -> list[tuple]:
    return ask(
        path,
        "SELECT (SELECT count(*) FROM article WHERE is_read = 1 AND read_at IS NOT NULL), count(*), sum(length(entity)), "
        "sum(value), min(field), max(field), min(state), max(state), min(seen), max(seen) FROM change WHERE state = 0")


def send(bench: Bench):
    """The same 100 articles are saved, and let go the next time, so the kept replicas stay as they are."""
    count = bench.several(100, 20)
    small, large = Dataset(bench, bench.several(1_000, 300), 5_000), Dataset(bench, bench.large, 5_000)
    values, limits = [], []
    small.make_replica()
    large.make_replica(READ_SHARE)
    with small.serving() as first, large.serving() as second:
        dataset.point(small.replica, first)
        dataset.point(large.replica, second)
        chosen = {data.articles: data.unread(data.replica, count) for data in (small, large)}
        for run in range(bench.runs + 1):
            for data, times in ((small, limits), (large, values)):
                if data.mark("save" if run % 2 == 0 else "unsave", data.replica, chosen[data.articles]) == 0:
                    data.mark("unsave" if run % 2 == 0 else "save", data.replica, chosen[data.articles])
                same("changes to send", ask(data.replica, "SELECT count(*) FROM change WHERE state = 0")[0][0], count)
                dataset.settle(data.replica)
                took = bench.timed([bench.client, "sync", "--replica", data.replica], **data.with_token)[0]
                same("changes left", ask(data.replica, "SELECT count(*) FROM change WHERE state = 0")[0][0], 0)
                # The first is not counted: it reads the files into memory.
                if run > 0:
                    times.append(took)
    dataset.settle(small.replica)
    dataset.settle(large.replica)
    size = f"{large} against {small.articles:,}, {count} changes"
    return whole(SEND, values, limits, 1.2, f"the same with {small.articles:,} articles", size)
