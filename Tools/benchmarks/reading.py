"""Listing and searching a large replica, whole processes, against the sqlite3 shell running the same query on the file."""
import json
import statistics

from . import made_feed
from .bench import Bench, same
from .dataset import READ_SHARE, Dataset, say
from .rows import Row, at_most, whole

LIST = "list the newest 50 unread, whole process"
SEARCHES = {
    "search, two common words, whole process": lambda words: [words[200], words[220]],
    "search, a rare word, whole process": lambda words: [words[7_000]],
}
START = "start of the slowest command that asks no network, whole process"
ROWS = (LIST, *SEARCHES, START)
# The limit for the start of any command, in milliseconds.
START_LIMIT = 30
SCREENFUL = 50
# Replica.rankedMatches
RANKED = 1_000

# As SummaryRows.columns and ArticleQuery of Sources/SQLiteReplica, with the two statements a row folded in.
COLUMNS = """
lower(hex(article.id)), article.row, article.listed,
(SELECT name FROM publication WHERE publication.row = article.publication),
article.kicker, article.headline, article.standfirst, article.byline, article.section, article.url,
article.published, article.updated, article.access, article.language, article.is_read, article.is_saved, article.progress,
(article.is_read = 1 AND max(coalesce(article.updated, 0), coalesce(article.corrected_at, 0)) > coalesce(article.read_at, 0)),
article.is_day_precise, (SELECT group_concat(tag) FROM article_tag WHERE article_tag.article = article.id),
EXISTS (SELECT 1 FROM article_note WHERE article_note.article = article.id)"""
UNREAD = f"""
SELECT {COLUMNS} FROM article WHERE article.removed = 0 AND article.is_read = 0 AND article.is_promotion = 0
ORDER BY article.listed DESC, article.row DESC LIMIT {SCREENFUL}"""


def search(words: list[str]) -> str:
    match = " ".join(f'"{word}"' for word in words)
    return f"""
WITH hit (row, rank, place) AS (
    SELECT row, rank, place FROM (
        SELECT article.row, bm25(article_index, 10, 4, 4, 1) AS rank, article_index.rowid AS place
        FROM article_index CROSS JOIN article
        WHERE article_index MATCH '{match}' AND article.index_key = article_index.rowid AND article.removed = 0
        AND article.is_promotion = 0 ORDER BY article_index.rowid DESC LIMIT {RANKED})
    ORDER BY rank, place DESC LIMIT {SCREENFUL + 1})
SELECT {COLUMNS}, (SELECT snippet(article_index, -1, char(2), char(3), '…', 24) FROM article_index
WHERE article_index MATCH '{match}' AND rowid = article.index_key)
FROM hit CROSS JOIN article ON article.row = hit.row ORDER BY hit.rank, hit.place DESC LIMIT {SCREENFUL}"""


def measure(bench: Bench, wanted: set[str]):
    data = Dataset(bench, bench.large, 5_000)
    replica = data.make_replica(READ_SHARE)
    if LIST in wanted:
        yield row(bench, data, LIST, ["list", "--unread", "--limit", str(SCREENFUL)], UNREAD)
    words = made_feed.Prose(0).words
    for name, choose in SEARCHES.items():
        if name in wanted:
            chosen = choose(words)
            yield row(bench, data, name, ["search", *chosen, "--limit", str(SCREENFUL)], search(chosen))
    if START in wanted:
        yield start(bench, data, words)


def start(bench: Bench, data: Dataset, words: list[str]) -> Row:
    """The slowest of these. `doctor` is not among them: it reads the whole file, and says so."""
    article = json.loads(bench.output([bench.client, "list", "--limit", "1", "--json", "--replica", data.replica]))["items"][0]
    place = ["--replica", str(data.replica)]
    feed = json.loads(bench.output([bench.client, "feeds", "--json", *place]))["items"][0]["id"]
    typed = ["reader-sync", "show", *place, article["id"][:2]]
    commands = {
        "status": ["status"], "list": ["list"], "show": ["show", article["id"], "--peek"], "search": ["search", words[7_000]],
        "log": ["log"], "conflicts": ["conflicts", "list", "--all"], "set-aside": ["set-aside"],
        "newsletters": ["newsletters"], "consent": ["consent"], "feeds": ["feeds"], "list --tag": ["list", "--unread", "--saved"],
        "list of a section": ["list", "--section", article["section"]], "list of a feed": ["list", "--feed", feed],
        "note": ["note", article["id"]], "conflicts policy": ["conflicts", "policy"], "config": ["config"],
        "completion of ids": ["---completion", "show", "--", "positional@0", str(len(typed) - 1), "0", *typed],
    }
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(bench.runs):
        for name, command in commands.items():
            words = [bench.client, *command] if command[0].startswith("---") else [bench.client, *command, *place]
            times[name].append(bench.often(words, bench.several(9, 2)).milliseconds)
    for name, taken in sorted(times.items(), key=lambda item: -statistics.median(item[1])):
        say(f"start: {name}: {statistics.median(taken):.1f} ms")
    slowest = max(times, key=lambda name: statistics.median(times[name]))
    return at_most(START, times[slowest], START_LIMIT, "ms", f"{data}, {len(commands)} commands, the slowest is {slowest}")


def row(bench: Bench, data: Dataset, name: str, command: list[str], sql: str) -> Row:
    ours = [bench.client, *command, "--replica", data.replica]
    theirs = ["sqlite3", "-readonly", data.replica, sql]
    found = [item["id"] for item in json.loads(bench.output([*ours, "--json"]))["items"]]
    # The shell prints one row a line; no text here has a line end of its own, but snippets may.
    expected = [line.split("|")[0] for line in bench.output(theirs).split("\n") if line[32:33] == "|"]
    same(f"{name}: articles", found, expected)
    same(f"{name}: whether any were found", bool(found), True)
    values, limits = [], []
    for _ in range(bench.runs):
        starts = bench.several(9, 2)
        values.append(bench.often(ours, starts))
        limits.append(bench.often(theirs, starts))
    return whole(name, values, limits, 2, "sqlite3 running the same query", f"{data}, {len(found)} found")
