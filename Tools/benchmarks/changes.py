"""Many state changes: one device pushes them, another pulls and applies them. The limit writes the same rows of the same
three files in C, in transactions of as many and as durable."""
from . import dataset
from .bench import Bench, same
from .dataset import Dataset, ask
from .rows import BenchError, against, at_least

BOTH = "100,000 state changes pushed, then pulled and applied"
PUSHED = "state changes pushed a second"
PULLED = "state changes pulled and applied a second"
ROWS = (BOTH, PUSHED, PULLED)
# Of the design, on SQLite.
RATE = 15_000
# The server admits so many at once (Limits.pushChanges), and answers with as many (Limits.pageEntries).
BATCH = 1_000
FILES = ("server", "author", "second")


def measure(bench: Bench, wanted: set[str]):
    data = Dataset(bench, bench.several(50_000, 500), 200)
    data.make_replica()
    # Each article is marked read and saved.
    count = 2 * data.articles
    before = {name: bench.scratch / f"before-{name}.sqlite" for name in FILES}
    after = {name: bench.scratch / f"after-{name}.sqlite" for name in FILES}
    prepare(bench, data, before, count)
    pushes, pulls, limits = [], [], []
    for _ in range(bench.runs):
        for name in FILES:
            dataset.copy(before[name], after[name])
        with data.serving(after["server"]) as url:
            for name, times in (("author", pushes), ("second", pulls)):
                dataset.point(after[name], url)
                dataset.settle(after[name])
                command = [bench.client, "sync", "--replica", after[name]]
                times.append(bench.timed(command, **data.with_token)[0].milliseconds)
        limits.append(limit(bench, before, after, count))
    size = f"{count:,} changes of {data}"
    if BOTH in wanted:
        both = [push + pull for push, pull in zip(pushes, pulls)]
        yield against(BOTH, both, limits, "ms", 2, "same log and register writes in C", size)
    if PUSHED in wanted:
        yield at_least(PUSHED, [count / time * 1e3 for time in pushes], RATE, "1/s", size)
    if PULLED in wanted:
        yield at_least(PULLED, [count / time * 1e3 for time in pulls], RATE, "1/s", size)


def prepare(bench: Bench, data: Dataset, before: dict, count: int) -> None:
    dataset.copy(data.database, before["server"])
    with data.serving(before["server"]) as url:
        second = data.new_replica(url, before["second"].name)
        data.sync(second)
    dataset.copy(data.replica, before["author"])
    articles = data.unread(before["author"], data.articles)
    data.mark("read", before["author"], articles)
    data.mark("save", before["author"], articles)
    same("changes to push", ask(before["author"], "SELECT count(*) FROM change WHERE state = 0")[0][0], count)
    for name in FILES:
        dataset.settle(before[name])


def limit(bench: Bench, before: dict, after: dict, count: int) -> float:
    copies = {name: dataset.copy(before[name], bench.scratch / f"limit-{name}.sqlite") for name in FILES}
    for name in FILES:
        dataset.settle(after[name])
    words = [word for name in FILES for word in (after[name], copies[name])]
    found = bench.figures([bench.limit("apply_changes"), *words, BATCH])
    same("changes", int(found["changes"]), count)
    for name in FILES:
        same(f"what {name} has", state(name, after[name]), state(name, copies[name]))
    if state("second", after["second"])[0][0] != count:
        raise BenchError(f"the second device has not all of {count} changes")
    return (found["push"] + found["pull"]) / 1e6


def state(name: str, path) -> list[tuple]:
    """What both sides must have come to."""
    if name == "server":
        return ask(path, "SELECT (SELECT count(*) FROM log), (SELECT count(*) FROM version), (SELECT sum(stamp % 997) FROM log)")
    return ask(
        path,
        "SELECT count(*), min(state), max(state), max(sequence), sum(number), (SELECT sum(is_read) FROM article), "
        "(SELECT sum(is_saved) FROM article), (SELECT sum(read_at % 997) FROM article) FROM change")
