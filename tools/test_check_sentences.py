"""Each check must bite: a small tree with one fault, and the line that names it."""

import os
import subprocess
import sys
import tempfile
import unittest

TOOL = os.path.join(os.path.dirname(os.path.abspath(__file__)), "check-sentences")
TABLE = "src/api/sentences.c"


def table(*pairs):
    rows = "".join(f'\t{{ "{english}", "{chinese}" }},\n' for english, chinese in pairs)
    return f'#include "api/sentences.h"\n\nstatic const struct sentence sentences[] = {{\n{rows}}};\n'


BOTH = (("A name is short.", "名字要短。"), ("Say \\\"so\\\" first.", "先说 \\\"so\\\"。"))
SOUND = {
    TABLE: table(*BOTH),
    "src/circle/name.c": '#define SAY_SHORT \\\n\t"A name "  \\\n\t"is short."\nerr e = err_input("name", SAY_SHORT);\n',
    "src/api/api_name.c": "/* Don't count \"This one here.\" */\nif (c == '\"')\n\te = err_input(\"name\", \"Say \\\"so\\\" first.\");\n",
    "src/circle/name_test.c": '"Only a test says this."',
    "src/circle/reason.c": '{ "A person looked at this.", "有人看过。" }, "no room", "Another word. 中文。"',
    "src/circle/backup.c": 'err_input("source", "The folder is full.")',
    "src/api/plain_name.c": '"A page has its own words."',
}

# name, files added or replaced, the fault that must be named
FAULTS = [
    ("a sentence that is new", {"src/store/names.c": '"That name is taken."'}, "src/store/names.c: no Chinese for: That name is taken."),
    ("one whose words changed", {"src/circle/name.c": '"A name is long."'}, "nobody says: A name is short."),
    ("English that stands for Chinese", {TABLE: table(("A name is short.", "Short."), BOTH[1])}, "not Chinese: A name is short."),
    ("one that is out of its place", {TABLE: table(*BOTH[::-1])}, "not after the one before: A name is short."),
    ("one that stands there twice", {TABLE: table(BOTH[0], *BOTH)}, "not after the one before: A name is short."),
]


def check(files):
    with tempfile.TemporaryDirectory() as root:
        for path, text in files.items():
            os.makedirs(os.path.dirname(os.path.join(root, path)), exist_ok=True)
            with open(os.path.join(root, path), "w", encoding="utf-8") as f:
                f.write(text)
        return subprocess.run([sys.executable, TOOL, root], capture_output=True, text=True)


class Sentences(unittest.TestCase):
    def test_a_sound_tree_passes(self):
        done = check(SOUND)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_each_fault_is_named(self):
        for name, files, fault in FAULTS:
            with self.subTest(name):
                done = check({**SOUND, **files})
                self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
                self.assertIn(fault, done.stdout)


if __name__ == "__main__":
    unittest.main()
