"""The embedded tables are what gen-fold makes of the public tables, where those are; and what they say is sound everywhere."""

import os
import struct
import subprocess
import sys
import tempfile
import unicodedata
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
TOOL = os.path.join(HERE, "gen-fold")
MADE = os.path.join(HERE, "..", "src", "integrity", "text", "tables.bin")
DATA = os.path.join(HERE, "..", "..", "shared", "data")
UNICODE = "14.0.0"  # another Python may know another Unicode


class GenFold(unittest.TestCase):
    def setUp(self):
        with open(MADE, "rb") as f:
            self.made = f.read()

    def joins(self):
        count = struct.unpack_from("<5I", self.made, 8)[3]
        rows = self.made[len(self.made) - count * 12:]
        return [struct.unpack_from("<6H", rows, i * 12) for i in range(count)]

    def test_making_them_again_gives_the_same_bytes(self):
        if not os.path.isdir(DATA):
            self.skipTest("the public tables are not here")
        if unicodedata.unidata_version != UNICODE:
            self.skipTest(f"this Python knows Unicode {unicodedata.unidata_version}, the tables {UNICODE}")
        with tempfile.TemporaryDirectory() as folder:
            out = os.path.join(folder, "tables.bin")
            subprocess.run([sys.executable, TOOL, os.path.join(DATA, "tables"), os.path.join(DATA, "text", "train.jsonl.gz"), out],
                           check=True, stdout=subprocess.DEVNULL)
            with open(out, "rb") as f:
                self.assertEqual(f.read(), self.made)

    def test_joins_are_sorted_and_each_has_its_bit(self):
        rows = self.joins()
        self.assertGreater(len(rows), 5000)
        self.assertEqual([row[:3] for row in rows], sorted(set(row[:3] for row in rows)))
        emoji = struct.unpack_from("<5I", self.made, 8)[4]
        bits = len(self.made) - len(rows) * 12 - emoji * 16 - 4096 * 4
        for a, b, *_ in rows:
            bit = ((a * 0x9E3779B1 ^ b * 0x85EBCA6B) & 0xFFFFFFFF) >> 15
            self.assertTrue(struct.unpack_from("<I", self.made, bits + bit // 32 * 4)[0] >> bit % 32 & 1)

    def test_a_word_stays_a_word(self):
        known = {row[:3]: row for row in self.joins()}
        for a, b, c, first, second, kind in known.values():
            if kind >= 3:
                self.assertEqual(c, 0)
                self.assertEqual(known[(first, second, 0)][5], 4)


if __name__ == "__main__":
    unittest.main()
