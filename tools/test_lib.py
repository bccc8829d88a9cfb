"""What script/lib.sh asks of meson, with one that only writes down what it was asked."""

import os
import shutil
import subprocess
import tempfile
import unittest

LIB = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "script", "lib.sh")
MESON = """#!/bin/sh
echo "$*" >>asked
for word; do case $word in build*) mkdir -p "$word" && touch "$word/build.ninja" ;; esac; done
"""


class Configure(unittest.TestCase):
    def setUp(self):
        self.root = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.root)
        for folder in ("script", "src", "bin"):
            os.mkdir(os.path.join(self.root, folder))
        shutil.copy(LIB, os.path.join(self.root, "script"))
        self.put("meson.build", "")
        self.put("meson_options.txt", "")
        self.put("bin/meson", MESON)
        self.put("script/ask", '. "$(dirname -- "$0")/lib.sh"\nconfigure "$@"\n')
        os.chmod(os.path.join(self.root, "bin/meson"), 0o755)

    def put(self, name, text):
        with open(os.path.join(self.root, name), "w", encoding="utf-8") as f:
            f.write(text)

    def run_in(self, *command):
        path = os.path.join(self.root, "bin") + os.pathsep + os.environ["PATH"]
        subprocess.run(command, cwd=self.root, env={**os.environ, "PATH": path}, check=True)

    def asked(self, *options):
        """What configure asks of meson."""
        self.put("asked", "")
        self.run_in("sh", "script/ask", "build", *options)
        with open(os.path.join(self.root, "asked"), encoding="utf-8") as f:
            return f.read().splitlines()

    def test_a_folder_is_set_up_once(self):
        self.assertEqual(self.asked("-Dpage=enabled"), ["setup build -Dpage=enabled"])
        self.assertEqual(self.asked("-Dpage=enabled"), [])

    def test_a_folder_that_was_set_up_by_hand_is_set_up_again_once(self):
        self.run_in("meson", "setup", "build", "-Dpage=disabled")
        self.assertEqual(self.asked("-Dpage=enabled"), ["setup --reconfigure build -Dpage=enabled"])
        self.assertEqual(self.asked("-Dpage=enabled"), [])

    def test_other_options_set_it_up_again(self):
        self.asked("-Dpage=enabled")
        self.assertEqual(self.asked("-Dpage=disabled"), ["setup --reconfigure build -Dpage=disabled"])

    def test_a_newer_meson_file_sets_it_up_again(self):
        self.asked("-Dpage=enabled")
        later = os.stat(os.path.join(self.root, "build/build.ninja")).st_mtime + 1
        os.utime(os.path.join(self.root, "meson.build"), (later, later))
        self.assertEqual(self.asked("-Dpage=enabled"), ["setup --reconfigure build -Dpage=enabled"])


if __name__ == "__main__":
    unittest.main()
