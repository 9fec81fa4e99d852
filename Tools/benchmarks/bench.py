"""Where a run happens: its programs, its folder, its options; how processes are run and timed."""
import contextlib
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import typing

from .rows import BenchError

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
WORK = ROOT / ".build/bench"
FLAGS = {
    "libxml2_sax2": ["xml2"], "fetch_feeds": ["xml2", "-lcurl", "-lsqlite3"], "first_sync": ["-lcurl", "-lsqlite3"],
    "mark_read": ["-lsqlite3"], "apply_changes": ["-lsqlite3"], "http_load": ["-lpthread"], "serve_feeds": ["-lpthread"],
    "time_process": [],
}
NEEDED = {"cc": "gcc", "curl": "curl", "sqlite3": "sqlite3", "xml2-config": "libxml2-dev"}


class Started(typing.NamedTuple):
    """What one start of a program took."""

    milliseconds: float
    peak: float  # MB
    cpu: float  # ms of processor time


class Bench:
    """`runs` is how often each side of a row is measured; `large` is how many articles a large replica has."""

    def __init__(self, quick: bool, runs: int, large: int, programs: pathlib.Path | None):
        self.quick, self.runs, self.large = quick, runs, large
        self.programs = programs
        self.data = WORK / "data"
        self.data.mkdir(parents=True, exist_ok=True)
        self.scratch = pathlib.Path(tempfile.mkdtemp(prefix="run-", dir=WORK))
        home = self.scratch / "home"
        self.env = {
            **{name: value for name, value in os.environ.items() if not name.startswith("READER_SYNC_")},
            "XDG_CONFIG_HOME": str(home / "config"), "XDG_DATA_HOME": str(home / "data"), "LC_ALL": "C.UTF-8",
        }
        self._built: set[str] = set()
        missing = [f"{name} (apt-get install {package})" for name, package in NEEDED.items() if not shutil.which(name)]
        if missing:
            raise BenchError("missing: " + ", ".join(missing))

    def close(self) -> None:
        shutil.rmtree(self.scratch, ignore_errors=True)

    def several(self, full: int, quick: int) -> int:
        """A size: one for figures, one to see that everything works."""
        return quick if self.quick else full

    # Programs

    @property
    def client(self) -> str:
        return self.product("reader-sync")

    @property
    def server(self) -> str:
        return self.product("reader-sync-server")

    def product(self, name: str) -> str:
        """A product of Package.swift in release, built if it has to be."""
        if self.programs is not None:
            path = self.programs / name
            if not path.exists():
                raise BenchError(f"there is no {name} in {self.programs}")
            return str(path)
        if name not in self._built:
            command = ["swift", "build", "-c", "release", "--static-swift-stdlib", "--quiet", "--product", name]
            done = subprocess.run(command, cwd=ROOT, stdout=sys.stderr)
            if done.returncode != 0:
                raise BenchError(f"{name} cannot be built")
            self._built.add(name)
        return str(ROOT / ".build/release" / name)

    def limit(self, name: str) -> str:
        """A program of Tools/limits, compiled if its source is newer."""
        source, binary = ROOT / f"Tools/limits/{name}.c", WORK / name
        newest = max(path.stat().st_mtime for path in [source, *source.parent.glob("*.h")])
        if not binary.exists() or binary.stat().st_mtime < newest:
            flags = [word for flag in FLAGS[name] for word in (xml_flags() if flag == "xml2" else [flag])]
            self.output(["cc", "-O2", "-Wall", "-Wextra", "-Werror", "-o", binary, source, *flags])
        return str(binary)

    # Processes

    def output(self, command: list, **more: str) -> str:
        """Runs a command to its end; its standard output. `more` is added to its environment."""
        words = [str(word) for word in command]
        done = subprocess.run(words, env={**self.env, **more}, capture_output=True, text=True)
        if done.returncode != 0:
            raise BenchError(f"{' '.join(words)[:300]}: exit {done.returncode}\n{done.stderr[-800:]}")
        return done.stdout

    def given(self, command: list, text: str, **more: str) -> str:
        """The same with standard input."""
        words = [str(word) for word in command]
        done = subprocess.run(words, env={**self.env, **more}, capture_output=True, text=True, input=text)
        if done.returncode != 0:
            raise BenchError(f"{' '.join(words)[:300]}: exit {done.returncode}\n{done.stderr[-800:]}")
        return done.stdout

    def figures(self, command: list) -> dict[str, float]:
        """The lines "NAME NUMBER" that a measuring program prints."""
        output = self.output(command)
        found = re.findall(r"^(\w+) (\d+(?:\.\d+)?)$", output, re.MULTILINE)
        if not found:
            raise BenchError(f"{command[0]} printed no figures")
        return {name: float(value) for name, value in found}

    def timed(self, command: list, times: int = 1, **more: str) -> list[Started]:
        """Starts a program `times` times, one after the other, and says what each took, from start to exit."""
        lines = self.output([self.limit("time_process"), times, *command], **more).splitlines()
        found = ([int(word) for word in line.split()] for line in lines)
        return [Started(wall / 1e6, peak / 1024, cpu / 1e6) for wall, peak, cpu in found]

    def often(self, command: list, times: int, **more: str) -> Started:
        """The same for a short program: the medians of all that."""
        return Started(*(statistics.median(part) for part in zip(*self.timed(command, times, **more))))

    @contextlib.contextmanager
    def running(self, command: list, **more: str):
        """Runs a program that prints where it listens; gives the last word of its first line."""
        process = subprocess.Popen(
            [str(word) for word in command], env={**self.env, **more}, stdout=subprocess.PIPE, text=True)
        try:
            words = (process.stdout.readline() if process.stdout else "").split()
            if not words:
                raise BenchError(f"{command[0]} does not begin to listen")
            yield words[-1]
        finally:
            process.kill()
            process.wait()


def xml_flags() -> list[str]:
    words = ["xml2-config", "--cflags", "--libs"]
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout.split()


def same(what: str, ours, theirs) -> None:
    """Whether both sides of a row did the same work; if they did not, the row means nothing."""
    if ours != theirs:
        raise BenchError(f"{what}: we have {ours}, the limit has {theirs}; the two are not the same work")
