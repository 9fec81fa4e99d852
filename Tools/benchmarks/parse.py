"""Reading one feed: parse, sanitise and render against libxml2's SAX2 parser alone over the same bytes. SAX steps over the
text that we clean and render, so the limit is out of reach; no goal is set."""
import pathlib

from . import made_feed
from .bench import Bench
from .rows import Row, against

KINDS = {
    "parse + sanitise + render a feed, RSS with HTML in CDATA": "rss",
    "parse + sanitise + render a feed, Atom with inline XHTML": "atom",
    "parse + sanitise + render a feed, RSS with escaped HTML": "escaped",
}
ROWS = tuple(KINDS)


def measure(bench: Bench, wanted: set[str]):
    for name, kind in KINDS.items():
        if name in wanted:
            yield row(bench, name, kind)


def row(bench: Bench, name: str, kind: str) -> Row:
    articles = bench.several(1_000, 40)
    path = bench.data / f"markup-{kind}-{articles}.xml"
    if not path.exists():
        path.write_text(made_feed.markup_feed(kind, articles), encoding="utf-8")
    values, limits = [], []
    for _ in range(bench.runs):
        values.append(speed(bench, [bench.product("FeedBench"), "feed", path]))
        limits.append(speed(bench, [bench.limit("libxml2_sax2"), path]))
    return against(
        name, values, limits, "MB/s", None, "libxml2's SAX2 alone", f"{articles:,} articles of 5,000 bytes", more_is_better=True)


def speed(bench: Bench, command: list[str | pathlib.Path]) -> float:
    return bench.figures(command)["bytes_per_second"] / 1e6
