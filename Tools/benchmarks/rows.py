"""What one measurement says, how it is shown, and when it is worse than before."""
import dataclasses
import json
import os
import pathlib
import statistics

# A ratio that is up to this many times the one before may be noise.
NOISE = 1.2


class BenchError(Exception):
    """A measurement that could not be made, or cannot be believed: said as it is, and nothing is printed but that."""


@dataclasses.dataclass
class Row:
    """`value` and `limit` are medians in `unit`. `ratio` is how many times worse than the limit we are: 1 is the limit.
    `goal` is the ratio not to be passed (None: none set). `spread` and `limit_spread` are the distance of the quartiles
    as a share of the median. `against` says what the limit is. `cpu_ratio` is the ratio of the processor's time, which other
    work on the machine changes less (None: not measured)."""

    name: str
    value: float
    unit: str
    limit: float
    ratio: float
    goal: float | None
    runs: int
    spread: float
    limit_spread: float
    against: str
    size: str
    load: float = 0.0
    cpu_ratio: float | None = None
    quick: bool = False

    @property
    def is_missed(self) -> bool:
        return self.goal is not None and self.ratio > self.goal


def spread(values: list[float]) -> float:
    middle = statistics.median(values)
    if len(values) < 2 or middle == 0:
        return 0.0
    quartiles = statistics.quantiles(values, n=4, method="inclusive")
    return round((quartiles[2] - quartiles[0]) / middle, 3)


def against(
    name: str, values: list[float], limits: list[float], unit: str, goal: float | None, limit: str, size: str,
    more_is_better: bool = False,
) -> Row:
    """A row of measured runs and as many runs of its limit."""
    value, bound = statistics.median(values), statistics.median(limits)
    if value <= 0 or bound <= 0:
        raise BenchError(f"{name}: {value} {unit} against {bound} cannot be")
    ratio = bound / value if more_is_better else value / bound
    return Row(
        name, round(value, 3), unit, round(bound, 3), round(ratio, 3), goal, len(values), spread(values), spread(limits),
        limit, size, round(os.getloadavg()[0], 1))


def whole(name: str, ours: list, theirs: list, goal: float | None, limit: str, size: str) -> Row:
    """A row of whole processes: `Started`s of ours and of the limit."""
    row = against(
        name, [took.milliseconds for took in ours], [took.milliseconds for took in theirs], "ms", goal, limit, size)
    row.cpu_ratio = round(statistics.median(took.cpu for took in ours) / statistics.median(took.cpu for took in theirs), 3)
    return row


def at_most(name: str, values: list[float], bound: float, unit: str, size: str) -> Row:
    """A row whose limit is a figure that the design sets, not to be passed."""
    return against(name, values, [bound] * len(values), unit, 1, "a figure of the design", size)


def at_least(name: str, values: list[float], bound: float, unit: str, size: str) -> Row:
    """The same where more is better."""
    return against(name, values, [bound] * len(values), unit, 1, "a figure of the design", size, more_is_better=True)


def table(rows: list[Row]) -> str:
    width = max(len(row.name) for row in rows)
    head = f"{'row':{width}}  {'value':>10} {'limit':>10} {'unit':6} {'ratio':>6} {'cpu':>6} {'goal':>5} {'spread':>11}  runs load"
    lines = [head]
    for row in rows:
        goal = "-" if row.goal is None else f"{row.goal:g}"
        both = f"{row.spread:.0%}/{row.limit_spread:.0%}"
        mark = " !" if row.is_missed else ""
        cpu = "-" if row.cpu_ratio is None else f"{row.cpu_ratio:.2f}"
        lines.append(
            f"{row.name:{width}}  {row.value:10.1f} {row.limit:10.1f} {row.unit:6} {row.ratio:6.2f} {cpu:>6} {goal:>5} {both:>11}"
            f"  {row.runs:4} {row.load:4.1f}{mark}")
    return "\n".join(lines)


def markdown(rows: list[Row]) -> str:
    """The table of the README."""
    lines = ["| work | we | limit | ratio | goal |", "|---|---|---|---|---|"]
    for row in rows:
        goal = "none set" if row.goal is None else f"{row.goal:g}"
        goal += ", missed" if row.is_missed else ""
        value, limit = (f"{figure:,.1f} {row.unit}".strip() for figure in (row.value, row.limit))
        lines.append(f"| {row.name} ({row.size}) | {value} | {limit}: {row.against} | {row.ratio:.2f} | {goal} |")
    return "\n".join(lines)


def as_json(rows: list[Row]) -> str:
    return json.dumps([dataclasses.asdict(row) for row in rows], indent=2, ensure_ascii=False)


def baseline(path: str) -> list[dict]:
    """The rows of a file that --json wrote."""
    try:
        rows = json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
        if not all(isinstance(row["name"], str) and row["ratio"] > 0 for row in rows):
            raise ValueError("a row has no name or no ratio")
        return rows
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BenchError(f"{path} is not what Tools/bench --json writes: {error}") from error


def worse(rows: list[Row], before: list[dict]) -> list[str]:
    """What became worse by more than noise. Only what was measured in the same way is compared."""
    known = {row["name"]: row for row in before}
    if before and known.keys().isdisjoint(row.name for row in rows):
        raise BenchError("the baseline has none of these rows")
    found = []
    for row in rows:
        old = known.get(row.name)
        if old is None:
            continue
        if (was := measured_as(old)) != (now := measured_as(dataclasses.asdict(row))):
            raise BenchError(f"{row.name}: the baseline was measured with {was}, this run with {now}")
        if row.ratio > old["ratio"] * NOISE:
            found.append(f"worse: {row.name}: {row.ratio} times its limit, {old['ratio']} before")
    return found


def measured_as(row: dict) -> str:
    return row.get("size", "other sizes") + (", quick" if row.get("quick") else "")
