"""Nothing leaks and nothing is missing: whole worlds, told over HTTP, judged by the rules (rules.py) at every answer.

$KITH is the program. The worlds are other ones at every commit; $KITH_ORACLE_SEED says which. $KITH_ORACLE_ANSWERS: how many
answers are to be checked.
"""

import os
import subprocess
import sys
import time
import unittest

import routes
import wire

HERE = os.path.dirname(os.path.abspath(__file__))
ANSWERS = int(os.environ.get("KITH_ORACLE_ANSWERS", "100000"))
WORKERS = 2
SECONDS = 240  # then it stops where it is: a slow machine checks less


def commit():
    """A number that is another one at every commit; 1 where there is no history."""
    done = subprocess.run(["git", "rev-parse", "HEAD"], cwd=wire.ROOT, capture_output=True, text=True, check=False)
    return int(done.stdout[:6] or "1", 16) if done.returncode == 0 else 1


@unittest.skipUnless(os.access(wire.program(), os.X_OK), f"no program at {wire.program()}")
class Oracle(unittest.TestCase):
    def test_no_answer_shows_what_the_rules_deny_or_lacks_what_they_grant(self):
        seed = int(os.environ.get("KITH_ORACLE_SEED") or commit())
        begun = time.monotonic()
        workers = [subprocess.Popen([sys.executable, os.path.join(HERE, "run.py"), "--seed", str(seed * 1000 + 500 * i),
                                     "--answers", str(ANSWERS // WORKERS), "--seconds", str(SECONDS), "--shrink", "120"],
                                    stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) for i in range(WORKERS)]
        said = [(worker.communicate()[0], worker.returncode) for worker in workers]
        for text, code in said:
            self.assertEqual(code, 0, text)
        answers = sum(int(text.split(" answers")[0].split()[-1]) for text, _ in said)
        print(f"{answers} answers checked in {time.monotonic() - begun:.0f} s, no violation", file=sys.stderr)
        self.assertGreater(answers, 2000)


class Routes(unittest.TestCase):
    def test_every_route_is_looked_at_or_done(self):
        self.assertEqual(routes.faults(), [])


if __name__ == "__main__":
    unittest.main()
