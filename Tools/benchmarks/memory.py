"""Memory of a first sync: it must not grow with what is synced."""
from .bench import Bench
from .dataset import Dataset
from .rows import against, at_most

FLAT = "peak memory of a first sync, many articles against few"
PEAK = "peak memory of a first sync, many articles"
ROWS = (FLAT, PEAK)
# MB, of the design.
MOST = 64
# What a first sync of more takes hours to repeat.
ARTICLES_IN_ALL = 500_000


def measure(bench: Bench, wanted: set[str]):
    small = Dataset(bench, bench.several(10_000, 600), 5_000)
    large = Dataset(bench, bench.large, 5_000)
    few, many = [], []
    runs = max(1, min(bench.runs, ARTICLES_IN_ALL // large.articles))
    for _ in range(runs):
        for data, peaks in ((small, few), (large, many)):
            with data.serving() as url:
                replica = data.new_replica(url)
                command = [bench.client, "sync", "--replica", replica]
                peaks.append(bench.timed(command, **data.with_token)[0].peak)
    size = f"{large} against {small.articles:,}"
    yield against(FLAT, many, few, "MB", 1.1, f"the same with {small.articles:,} articles", size)
    yield at_most(PEAK, many, MOST, "MB", str(large))
