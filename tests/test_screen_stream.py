"""`kith screen` on a long real stream: every line is answered, in order.

Needs the corpora, which are not part of the project: skips and says so where they are absent. How good the answers are is
src/integrity/accuracy_test.c's to say.
"""

import gzip
import json
import os
import pathlib
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
DEV = ROOT.parent / "shared" / "data" / "text" / "dev.jsonl.gz"
KITH = os.environ.get("KITH", str(ROOT / "build" / "kith"))


@unittest.skipUnless(DEV.exists(), "the labelled corpora are not here")
class Stream(unittest.TestCase):
    def test_every_line_is_answered_in_order(self):
        with gzip.open(DEV) as f:
            lines = f.read()
        out = subprocess.run([KITH, "screen"], input=lines, stdout=subprocess.PIPE, check=True).stdout
        asked = [json.loads(line)["id"] for line in lines.splitlines()]
        answered = [json.loads(line)["id"] for line in out.splitlines()]
        self.assertGreater(len(asked), 10000)
        self.assertEqual(answered, asked)


if __name__ == "__main__":
    unittest.main()
