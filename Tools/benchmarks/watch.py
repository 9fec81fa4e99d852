"""A sync that runs, seen by another process that reads the same replica: when can so many articles be listed?"""
import contextlib
import pathlib
import sqlite3
import subprocess
import time

from .bench import Bench
from .rows import BenchError


class Watched:
    """A command that was started at this moment."""

    def __init__(self, bench: Bench, command: list, **more: str):
        words = [str(word) for word in command]
        self.begun = time.monotonic()
        self.process = subprocess.Popen(words, env={**bench.env, **more}, stdout=subprocess.DEVNULL)

    @property
    def milliseconds(self) -> float:
        """Since it was started."""
        return (time.monotonic() - self.begun) * 1e3

    def until(self, replica: pathlib.Path, articles: int) -> float:
        """Waits until another process can read so many articles; how many milliseconds after the start that was. Looks
        every two milliseconds, which costs the sync little: one step down a b-tree."""
        with contextlib.closing(sqlite3.connect(f"file:{replica}?mode=ro", uri=True, timeout=10)) as db:
            while True:
                ended = self.process.poll()
                if (db.execute("SELECT max(row) FROM article").fetchone()[0] or 0) >= articles:
                    return self.milliseconds
                if ended is not None:
                    raise BenchError(f"a sync ended with {ended} before {articles} articles were there")
                time.sleep(0.002)

    def finish(self) -> float:
        """Waits for its end; how many milliseconds after the start that was."""
        if self.process.wait() != 0:
            raise BenchError(f"a sync ended with {self.process.returncode}")
        return self.milliseconds

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
