"""What a viewer may not see changes nothing of what they are told: no number, no order, no page, no error (twins.py).

$KITH is the program, $KITH_LEAKS one that leaks on purpose. Worlds are other ones at every commit; $KITH_ORACLE_SEED says which.
"""

import os
import re
import subprocess
import sys
import unittest

import wire
from test_oracle import LEAKING, commit

HERE = os.path.dirname(os.path.abspath(__file__))
SEEDS, WORKERS, SECONDS = 4, 2, 300


def begin(seed, **env):
    return subprocess.Popen([sys.executable, os.path.join(HERE, "twins.py"), "--seed", str(seed)], env={**os.environ, **env},
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


@unittest.skipUnless(os.access(wire.program(), os.X_OK), f"no program at {wire.program()}")
class Twins(unittest.TestCase):
    def test_what_is_hidden_changes_no_answer(self):
        seed, answers = int(os.environ.get("KITH_ORACLE_SEED") or commit()) * 100, 0
        for first in range(0, SEEDS, WORKERS):
            for worker in [begin(seed + first + i) for i in range(WORKERS)]:
                said = worker.communicate(timeout=SECONDS)[0]
                self.assertEqual(worker.returncode, 0, said)
                answers += int(re.search(r"(\d+) answers alike", said).group(1))
        print(f"{answers} answers of twin worlds alike", file=sys.stderr)
        self.assertGreater(answers, 2000 * SEEDS)

    @unittest.skipUnless(os.access(LEAKING, os.X_OK), "no program that leaks on purpose: $KITH_LEAKS")
    def test_a_number_of_what_is_hidden_is_seen(self):
        """Two leaks that show nothing but a count, put in on purpose."""
        workers = {leak: begin(1, KITH=LEAKING, KITH_LEAK=leak) for leak in ("count.likers", "count.comments")}
        for leak, worker in workers.items():
            said = worker.communicate(timeout=SECONDS)[0]
            self.assertEqual(worker.returncode, 1, f"{leak}: {said}")


if __name__ == "__main__":
    unittest.main()
