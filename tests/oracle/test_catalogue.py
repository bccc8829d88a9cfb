"""Whatever tests/catalogue.md names is there, and every row of it says what covers it or that it is open."""

import os
import re
import unittest

import leaks
import observers
import operations
from wire import ROOT

ROWS = [f"A{i}" for i in range(1, 59)] + [f"B{i}" for i in range(1, 27)] + ["C2", "C5", "C7", "E1", "E2", "E3", "E4", "E5", "E6", "E7", "E8", "E10",
                                                                                                    "E12", "E13", "E14", "E15", "E16", "E17", "E18"]
KNOWN = {"leak": leaks.LEAKS, "observer": observers.OBSERVERS, "operation": operations.OPERATIONS}


class Catalogue(unittest.TestCase):
    def setUp(self):
        with open(os.path.join(ROOT, "tests", "catalogue.md"), encoding="utf-8") as f:
            self.rows = re.findall(r"^\| ([ABCE]\d+) \| [^|]+ \| (.*) \|$", f.read(), re.MULTILINE)

    def test_every_row_is_there_once_in_its_order(self):
        self.assertEqual([row for row, _ in self.rows], ROWS)

    def test_every_row_is_covered_or_open(self):
        bare = [row for row, what in self.rows if "::" not in what and "Open" not in what]
        self.assertEqual(bare, [])

    def test_what_is_named_is_there(self):
        missing = []
        for row, what in self.rows:
            for where, name in re.findall(r"`([^`]+?)::([^`]+)`", what):
                if not (name in KNOWN[where] if where in KNOWN else self.has(where, name)):
                    missing.append(f"{row}: {where}::{name}")
        self.assertEqual(missing, [])

    def has(self, path, name):
        path = os.path.join(ROOT, path)
        if not os.path.exists(path):
            return False
        with open(path, encoding="utf-8") as f:
            text = f.read()
        if path.endswith(".mjs"):
            return f"test('{name}'" in text
        return re.search(rf"\b{re.escape(name)}\b", text) is not None

    def test_every_leak_stands_in_its_row(self):
        covered = dict(self.rows)
        self.assertEqual([name for name, (row, _) in leaks.LEAKS.items() if f"leak::{name}`" not in covered[row]], [])


if __name__ == "__main__":
    unittest.main()
