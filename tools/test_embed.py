"""What embed.py makes part of a program must come out of it byte for byte."""

import gzip
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
TOOL = os.path.join(HERE, "embed.py")

MAIN = """
#include <stdint.h>
#include <stdio.h>
#include "one.h"
#include "many.h"
int main(void)
{
    if ((uintptr_t)one % 64 || one[one_bytes])
        return 1;
    fwrite(one, 1, one_bytes, stdout);
    for (size_t i = 0; i < many_count; i++) {
        printf("|%s=", many[i].name);
        fwrite(many[i].bytes, 1, many[i].n, stdout);
    }
    return 0;
}
"""


class Embed(unittest.TestCase):
    def setUp(self):
        self.root = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.root)

    def put(self, path, content):
        path = os.path.join(self.root, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as f:
            f.write(content)

    def embed(self, *words):
        done = subprocess.run([sys.executable, TOOL, *words], cwd=self.root, capture_output=True, check=False)
        return done.returncode

    def test_bytes_come_out_as_they_went_in(self):
        every_byte = bytes(range(256)) * 3
        self.put("data.bin", every_byte)
        self.put("site/index.html", b"<p>")
        self.put("site/assets/a \"b\".js", b"")
        self.put("main.c", MAIN.encode())
        self.assertEqual(self.embed("--symbol", "one", "one.S", "one.h", "data.bin"), 0)
        self.assertEqual(self.embed("--table", "many", "--root", "site", "many.S", "many.h", "site"), 0)
        compiler = os.environ.get("CC", "cc")
        flags = ["-Wall", "-Wextra", "-Werror", "-pie", "-fPIE", f"-I{os.path.join(HERE, '..', 'src')}"]
        subprocess.run([compiler, *flags, "main.c", "one.S", "many.S", "-o", "run"], cwd=self.root, check=True)
        out = subprocess.run([os.path.join(self.root, "run")], capture_output=True, check=True).stdout
        self.assertEqual(out, every_byte + b'|assets/a "b".js=|index.html=<p>')

    def test_changed_content_changes_the_assembler_text(self):
        texts = []
        for content in (b"a", b"b"):
            self.put("data.bin", content)
            self.embed("--symbol", "one", "one.S", "one.h", "data.bin")
            with open(os.path.join(self.root, "one.S"), encoding="utf-8") as f:
                texts.append(f.read())
        self.assertNotEqual(texts[0], texts[1])

    def test_gzip_adds_the_smaller_form_where_it_is_one(self):
        self.put("site/long.txt", b"kith " * 1000)
        self.put("site/short.txt", b"k")
        words = ["--table", "t", "--root", "site", "--gzip", "t.S", "t.h", "site"]
        self.assertEqual(self.embed(*words), 0)
        with open(os.path.join(self.root, "t.S"), encoding="utf-8") as f:
            text = f.read()
        self.assertIn('"long.txt.gz"', text)
        self.assertNotIn('"short.txt.gz"', text)
        with gzip.open(os.path.join(self.root, "t.gz", "long.txt.gz")) as f:
            self.assertEqual(f.read(), b"kith " * 1000)

    def test_the_depfile_names_files_and_folders(self):
        self.put("site/a/x", b"1")
        words = ["--table", "t", "--root", "site", "--depfile", "t.d", "t.S", "t.h", "site"]
        self.assertEqual(self.embed(*words), 0)
        with open(os.path.join(self.root, "t.d"), encoding="utf-8") as f:
            target, needs = f.read().split(": ")
        self.assertEqual(target, "t.S t.h")
        want = [os.path.join(os.path.realpath(self.root), part) for part in ("site", "site/a", "site/a/x")]
        self.assertEqual([os.path.realpath(path) for path in needs.split()], want)

    def test_a_folder_that_comes_later_is_taken_by_the_next_build(self):
        words = f"{sys.executable} {TOOL} --table t --root site --optional --depfile t.d t.S t.h site"
        self.put("build.ninja", f"rule embed\n  command = {words}\n  depfile = t.d\nbuild t.S t.h: embed\n".encode())

        def built():
            subprocess.run(["ninja", "--quiet"], cwd=self.root, check=True)
            with open(os.path.join(self.root, "t.S"), encoding="utf-8") as f:
                return '"index.html"' in f.read()

        self.assertFalse(built())
        self.put("site/index.html", b"<p>")
        later = os.stat(os.path.join(self.root, "t.S")).st_mtime + 1  # a clock's step is no step of the test
        os.utime(self.root, (later, later))
        self.assertTrue(built())
        shutil.rmtree(os.path.join(self.root, "site"))
        self.assertFalse(built())

    def test_what_is_not_there_is_refused(self):
        self.assertNotEqual(self.embed("--table", "t", "t.S", "t.h", "gone"), 0)

    def test_two_files_of_one_name_are_refused(self):
        self.put("a/x", b"1")
        self.put("b/x", b"2")
        self.assertNotEqual(self.embed("--table", "t", "t.S", "t.h", "a/x", "b/x"), 0)


if __name__ == "__main__":
    unittest.main()
