"""The counting of tests: what fails, breaks, hangs or never ran must not pass."""

import importlib.machinery
import importlib.util
import os
import shutil
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
loader = importlib.machinery.SourceFileLoader("run_tests", os.path.join(HERE, "run-tests"))
run_tests = importlib.util.module_from_spec(importlib.util.spec_from_loader("run_tests", loader))
loader.exec_module(run_tests)

# name, what a test program said, meson's word for it, (passed, failed, skipped)
UNIT_ROWS = [
    ("all points pass", "1..2\nok 1 - a\nok 2 - b\n", "OK", (2, 0, 0)),
    ("one fails", "1..2\nok 1 - a\nnot ok 2 - b\n", "FAIL", (1, 1, 0)),
    ("one is skipped", "1..2\nok 1 - a\nok 2 # SKIP no data here\n", "OK", (1, 0, 1)),
    ("cmocka's way to skip one", "1..2\nok 1 - a\nnot ok 2 # SKIP b\n", "FAIL", (1, 0, 1)),
    ("one skipped, one failed", "1..2\nnot ok 1 # SKIP a\nnot ok 2 - b\n", "FAIL", (0, 1, 1)),
    ("one skipped, one that never ran", "1..2\nnot ok 1 # SKIP a\n", "FAIL", (0, 1, 1)),
    ("a crash after a pass", "1..2\nok 1 - a\n", "ERROR", (1, 1, 0)),
    ("a crash before any", "", "ERROR", (0, 1, 0)),
    ("a hang", "1..2\nok 1 - a\n", "TIMEOUT", (1, 1, 0)),
    ("a program without points", "hello\n", "OK", (1, 0, 0)),
]

# name, text of the file, (passed, failed, skipped)
NODE_ROWS = [
    ("two pass", "test('a', () => {}); test('b', () => {});", (2, 0, 0)),
    ("one fails", "test('a', () => {}); test('b', () => { throw new Error('no'); });", (1, 1, 0)),
    ("one is skipped", "test('a', () => {}); test('b', { skip: true }, () => {});", (1, 0, 1)),
    ("the file does not load", "import 'gone';", (0, 1, 0)),
    ("the process ends", "test('a', () => {}); test('b', () => process.exit(3));", None),
]

PYTHON_ROWS = [
    ("one of three fails", "def test_a(self): self.fail()\n    def test_b(self): pass\n    "
     "@unittest.skip('why')\n    def test_c(self): pass", (1, 1, 1)),
    ("an error is a failure", "def test_a(self): 1 / 0", (0, 1, 0)),
    ("no test at all", "pass", (0, 1, 0)),
    ("the process ends", "def test_a(self): import os; os._exit(0)", (0, 1, 0)),
]


def counts(tally):
    return tally.passed, tally.failed, tally.skipped


class Counting(unittest.TestCase):
    def setUp(self):
        self.root = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.root)
        self.addCleanup(setattr, run_tests, "LOGS", run_tests.LOGS)
        run_tests.LOGS = self.root

    def put(self, name, text):
        path = os.path.join(self.root, name)
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
        return path

    def test_programs_of_points(self):
        for name, said, word, want in UNIT_ROWS:
            with self.subTest(name):
                tally = run_tests.unit_tally({"name": "x", "result": word, "stdout": said, "returncode": 0})
                self.assertEqual(counts(tally), want)
                self.assertEqual(bool(tally.notes), want[1] > 0)

    def test_commands(self):
        self.assertEqual(counts(run_tests.one("x", "x", ["true"])), (1, 0, 0))
        self.assertEqual(counts(run_tests.one("x", "x", ["false"])), (0, 1, 0))
        self.assertEqual(counts(run_tests.one("x", "x", ["/does/not/exist"])), (0, 1, 0))
        self.assertEqual(counts(run_tests.tap("x", "x", ["true"])), (0, 1, 0))
        self.assertEqual(counts(run_tests.tap("x", "x", ["sh", "-c", "echo ok 1; exit 1"])), (1, 1, 0))

    def test_a_hang_ends(self):
        self.addCleanup(setattr, run_tests, "STEP_TIMEOUT_S", run_tests.STEP_TIMEOUT_S)
        run_tests.STEP_TIMEOUT_S = 0.2
        self.assertEqual(counts(run_tests.one("x", "x", ["sleep", "60"])), (0, 1, 0))

    @unittest.skipUnless(shutil.which("node"), "no node here")
    def test_files_of_node(self):
        for name, text, want in NODE_ROWS:
            with self.subTest(name):
                path = self.put("t.test.mjs", f"import test from 'node:test';\n{text}\n")
                tally = run_tests.node_test("node", [path], cwd=self.root)
                if want is None:
                    self.assertGreater(tally.failed, 0)
                else:
                    self.assertEqual(counts(tally), want)

    def test_files_of_python(self):
        for number, (name, body, want) in enumerate(PYTHON_ROWS):
            with self.subTest(name):
                path = self.put(f"test_{number}.py", f"import unittest\nclass T(unittest.TestCase):\n    {body}\n")
                self.assertEqual(counts(run_tests.python_test(path)), want)

    def test_a_runner_that_breaks_is_a_failed_test(self):
        def broken():
            raise RuntimeError("gone")

        self.addCleanup(setattr, run_tests, "say", run_tests.say)
        run_tests.say = lambda text: None
        total = run_tests.Tally()
        run_tests.RUNNERS["broken"] = broken
        self.addCleanup(run_tests.RUNNERS.pop, "broken")
        run_tests.run_lane(["broken"], total)
        self.assertEqual(counts(total), (0, 1, 0))


if __name__ == "__main__":
    unittest.main()
