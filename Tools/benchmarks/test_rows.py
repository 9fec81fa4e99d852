"""What a row says and when it is worse: cd Tools && python3 -B -m unittest benchmarks.test_rows"""
import json
import pathlib
import tempfile
import unittest

from . import rows
from .bench import same


def row(name: str = "list", ratio: float = 2.0, **more) -> rows.Row:
    made = rows.against(name, [ratio * 10] * 5, [10.0] * 5, "ms", 2, "limit", "100 articles")
    for key, value in more.items():
        setattr(made, key, value)
    return made


class Rows(unittest.TestCase):
    def test_twice_the_limits_time_is_a_ratio_of_two(self):
        self.assertEqual(rows.against("a", [4, 6, 5], [2, 3, 2.5], "ms", 1, "b", "c").ratio, 2)

    def test_half_the_limits_rate_is_a_ratio_of_two(self):
        self.assertEqual(rows.against("a", [50.0], [100.0], "1/s", 1, "b", "c", more_is_better=True).ratio, 2)

    def test_a_row_at_its_goal_is_not_missed(self):
        self.assertFalse(row(ratio=2.0).is_missed)
        self.assertTrue(row(ratio=2.01).is_missed)

    def test_a_measurement_of_nothing_is_refused(self):
        with self.assertRaises(rows.BenchError):
            rows.against("a", [0.0], [1.0], "ms", 1, "b", "c")

    def test_the_spread_is_the_distance_of_the_quartiles(self):
        self.assertEqual(rows.spread([8, 9, 10, 11, 12]), 0.2)

    def test_two_sides_that_did_different_work_are_refused(self):
        with self.assertRaises(rows.BenchError):
            same("articles", 9_999, 10_000)


class Comparison(unittest.TestCase):
    def before(self, *made: rows.Row) -> list[dict]:
        return json.loads(rows.as_json(list(made)))

    def test_up_to_a_fifth_more_is_noise(self):
        self.assertEqual(rows.worse([row(ratio=2.4)], self.before(row(ratio=2.0))), [])

    def test_over_a_fifth_more_is_worse(self):
        self.assertEqual(len(rows.worse([row(ratio=2.5)], self.before(row(ratio=2.0)))), 1)

    def test_a_new_row_is_not_worse(self):
        self.assertEqual(rows.worse([row(), row("new", 99.0)], self.before(row())), [])

    def test_rows_of_other_sizes_are_not_compared(self):
        for other in ({"size": "9 articles"}, {"quick": True}):
            with self.assertRaises(rows.BenchError):
                rows.worse([row()], self.before(row(**other)))

    def test_a_baseline_of_other_rows_alone_is_refused(self):
        with self.assertRaises(rows.BenchError):
            rows.worse([row()], self.before(row("search")))

    def test_what_is_no_baseline_is_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "base.json"
            for text in ("", "{}x", '{"a": 1}', '[{"name": "list"}]', '[{"name": "list", "ratio": 0}]'):
                path.write_text(text)
                with self.assertRaises(rows.BenchError):
                    rows.baseline(str(path))


if __name__ == "__main__":
    unittest.main()
