"""Reading many direct feeds: all of them new, then none of them changed."""
import pathlib

from . import made_feed
from .bench import Bench, same
from .dataset import ask, remove, say
from .rows import against, whole
from .watch import Watched

COLD = "refresh of 100 direct feeds, cold, whole process"
LISTED = "refresh of 100 direct feeds, cold, until all can be listed"
UNCHANGED = "refresh of 100 direct feeds, 304, whole process"
ROWS = (COLD, LISTED, UNCHANGED)
AT_ONCE = 16


def measure(bench: Bench, wanted: set[str]):
    feeds, each = bench.several(100, 10), bench.several(100, 20)
    folder = sites(bench, feeds, each)
    with bench.running([bench.limit("serve_feeds"), folder, feeds]) as port:
        addresses = [f"http://127.1.0.{feed}:{port}/feed.xml" for feed in range(1, feeds + 1)]
        size = f"{feeds} feeds of {each} articles of 5,000 bytes"
        replica = bench.scratch / "feeds.sqlite"
        yield from cold(bench, wanted, replica, addresses, feeds * each, folder, size)
        if UNCHANGED in wanted:
            yield unchanged(bench, replica, addresses, size)


def sites(bench: Bench, feeds: int, each: int) -> pathlib.Path:
    folder = bench.data / f"sites-{feeds}x{each}"
    whole = folder / "whole"
    if not whole.exists():
        say(f"making {feeds} feeds, once")
        made_feed.write_sites(folder, feeds, each, 5_000)
        whole.touch()
    return folder


def cold(bench, wanted, replica, addresses, articles, folder, size):
    command = [bench.client, "sync", "--replica", replica]
    limit = [bench.limit("fetch_feeds"), list_of(bench, addresses)]
    same("bytes", sum(path.stat().st_size for path in folder.glob("*.xml")), int(bench.figures(limit)["bytes"]))
    values, listed, limits = [], [], []
    # The rows about what did not change need a replica that has read all.
    for _ in range(bench.runs if wanted & {COLD, LISTED} else 1):
        subscribe(bench, replica, addresses)
        values.append(bench.timed(command)[0])
        same("articles", ask(replica, "SELECT count(*) FROM article")[0][0], articles)
        limits.append(bench.timed(limit)[0])
        if LISTED in wanted:
            subscribe(bench, replica, addresses)
            sync = Watched(bench, command)
            listed.append(sync.until(replica, articles))
            sync.finish()
    against_what = "download + parse by libxml2 alone, whole process"
    if COLD in wanted:
        yield whole(COLD, values, limits, 2, against_what, size)
    if LISTED in wanted:
        yield against(LISTED, listed, [took.milliseconds for took in limits], "ms", None, against_what, size)


def subscribe(bench: Bench, replica: pathlib.Path, addresses: list[str]) -> None:
    remove(replica)
    outlines = "".join(f'<outline type="rss" text="Feed" xmlUrl="{address}"/>' for address in addresses)
    opml = bench.scratch / "feeds.opml"
    opml.write_text(f'<?xml version="1.0"?><opml version="2.0"><head/><body>{outlines}</body></opml>')
    bench.output([bench.client, "init", "--replica", replica])
    bench.output([bench.client, "feeds", "import", opml, "--replica", replica])


def unchanged(bench: Bench, replica: pathlib.Path, addresses: list[str], size: str):
    command = [bench.client, "sync", "--replica", replica]
    config = bench.scratch / "curl"
    config.write_text("".join(f'url = "{address}"\noutput = "/dev/null"\n' for address in addresses))
    curl = ["curl", "-sS", "-Z", "--parallel-max", AT_ONCE, "-H", 'If-None-Match: "made-up"', "-w", "%{http_code}\\n", "-K",
            config]
    same("304", bench.output(curl).split(), ["304"] * len(addresses))
    values, limits = [], []
    for _ in range(bench.runs):
        starts = bench.several(5, 2)
        values.append(bench.often(command, starts))
        limits.append(bench.often(curl, starts))
    return whole(UNCHANGED, values, limits, 1.5, f"curl -Z with as many addresses, {AT_ONCE} at once", size)


def list_of(bench: Bench, addresses: list[str]) -> pathlib.Path:
    path = bench.scratch / "feed-addresses"
    path.write_text("".join(address + "\n" for address in addresses))
    return path
