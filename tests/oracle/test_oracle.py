"""Nothing leaks and nothing is missing: whole worlds, told over HTTP, judged by the rules (rules.py) at every answer.

$KITH is the program, $KITH_LEAKS one that leaks on purpose (leaks.py). Worlds and leaks are other ones at every commit;
$KITH_ORACLE_SEED says which. $KITH_ORACLE_ANSWERS: how many answers are to be checked.
"""

import glob
import os
import re
import subprocess
import sys
import time
import unittest

import leaks
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


LEAKING = os.environ.get("KITH_LEAKS", "")
LEAKS_A_RUN = 6


class Leaks(unittest.TestCase):
    @unittest.skipUnless(os.access(LEAKING, os.X_OK), "no program that leaks on purpose: $KITH_LEAKS")
    def test_six_leaks_put_in_on_purpose_are_seen(self):
        """Others at every commit; all of them in bench/oracle."""
        names, at = [name for name in leaks.LEAKS if name not in leaks.SLOW], commit()
        chosen = [names[(at + i * len(names) // LEAKS_A_RUN) % len(names)] for i in range(LEAKS_A_RUN)]
        done = subprocess.run([sys.executable, os.path.join(HERE, "leaks.py"), *chosen, "--seed", str(at), "--seconds", "120"],
                              env={**os.environ, "KITH": LEAKING}, capture_output=True, text=True, check=False)
        print(done.stdout, file=sys.stderr)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_the_program_for_people_holds_none(self):
        if not os.access(wire.program(), os.X_OK):
            self.skipTest(f"no program at {wire.program()}")
        with open(wire.program(), "rb") as f:
            program = f.read()
        self.assertEqual([name for name in ("KITH_LEAK", *leaks.LEAKS) if name.encode() + b"\0" in program], [])

    def test_every_place_in_the_program_has_its_row(self):
        named = set()
        for path in glob.glob(os.path.join(wire.ROOT, "src", "**", "*.c"), recursive=True):
            with open(path, encoding="utf-8") as f:
                named.update(re.findall(r'\bLEAK\(\s*"([^"]+)"', f.read()))
        self.assertEqual(named, set(leaks.LEAKS))
        self.assertGreaterEqual(len(named), 40)
        self.assertLessEqual(leaks.SLOW, named)


class Routes(unittest.TestCase):
    def test_every_route_is_looked_at_or_done(self):
        self.assertEqual(routes.faults(), [])


if __name__ == "__main__":
    unittest.main()
