"""Compares the door of the program with see_reference.py, bit by bit, over the whole small scope of SCOPE.md.

The program's side is `see_scope`, built by meson; $KITH_BUILD names the build folder it is in.
"""

import hashlib
import json
import os
import subprocess
import unittest

import see_reference as reference

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PREDICATES = {
    "post": ("post",),
    "act": ("act", "like"),
    "comment": ("comment",),
    "people": ("card", "profile"),
    "directed": ("post", "act", "like", "comment", "card", "profile"),
    "group-post": ("post",),
    "group-act": ("act", "like"),
    "group-comment": ("comment",),
    "group-directed": ("post", "act", "like", "comment"),
    "narrowed": ("post",),
}
FAULTS_SHOWN = 10


def program():
    path = os.path.join(os.environ.get("KITH_BUILD") or os.path.join(ROOT, "build"), "src", "circle", "see_scope")
    return path if os.access(path, os.X_OK) else None


class Digests:
    """Digest of a table; most of the tables are the same few."""

    def __init__(self):
        self.known = {}

    def of(self, table, bits):
        key = (table, bits)
        if key not in self.known:
            data = table.to_bytes((1 << bits) // 8, "little")
            self.known[key] = hashlib.blake2b(data, digest_size=16).hexdigest()
        return self.known[key]


def lines_of(world, family):
    """The table lines that follow a config, as (words before the tables, tables)."""
    for predicate in PREDICATES[family]:
        if predicate == "post":
            yield "post", [world.see(v) for v in reference.PEOPLE]
        elif predicate == "comment":
            for which in (0, 1):
                yield f"comment {which}", [world.comment(v, which) for v in reference.PEOPLE]
        else:
            of = getattr(world, predicate)
            for v in reference.PEOPLE:
                yield f"{predicate} {v}", [of(v, u) for u in reference.PEOPLE]


class Scope(unittest.TestCase):
    """One reading of the output; each test looks at what it found."""

    @classmethod
    def setUpClass(cls):
        path = program()
        if path is None:
            raise unittest.SkipTest("see_scope is not built: ninja -C $KITH_BUILD src/circle/see_scope")
        cls.faults, cls.reviews, cls.families = [], [], {}
        cls.configs = cls.tables = 0
        cls.total = None
        cls.digests = Digests()
        cls.relations = {bits: reference.Relations(bits) for bits in (18, 24)}
        child = subprocess.Popen([path], stdout=subprocess.PIPE, text=True)
        with child.stdout as out:
            cls.read(out)
        cls.code = child.wait()

    @classmethod
    def read(cls, out):
        for line in out:
            kind, _, rest = line.rstrip("\n").partition(" ")
            if kind == "config":
                cls.compare(json.loads(rest), out)
            elif kind == "review":
                facts, _, answer = rest.rpartition(" ")
                cls.reviews.append((json.loads(facts), answer))
            elif kind == "total":
                cls.total = rest
            else:
                cls.faults.append(f"a line that should not be here: {line[:80]}")

    @classmethod
    def compare(cls, config, out):
        bits = config["bits"]
        world = reference.World(cls.relations[bits], config)
        for words, tables in lines_of(world, config["family"]):
            want = [cls.digests.of(table, bits) for table in tables]
            got = out.readline().split()
            cls.tables += 4
            if got != words.split() + want:
                wrong = [n for n in reference.PEOPLE if got[-4:][n : n + 1] != want[n : n + 1]]
                cls.faults.append(f"{words}, tables {wrong}, of {json.dumps(config)}")
        cls.configs += 1
        cls.families[config["family"]] = cls.families.get(config["family"], 0) + 1

    def test_every_table_of_the_program_is_the_reference_s(self):
        shown = "\n".join(self.faults[:FAULTS_SHOWN])
        self.assertGreater(self.tables, 0)
        self.assertFalse(self.faults, f"{len(self.faults)} lines differ, the first of them:\n{shown}")

    def test_all_of_the_scope_was_printed(self):
        self.assertEqual(self.code, 0)
        self.assertEqual(self.total, f"configs={self.configs} tables={self.tables}")
        audiences = 54
        self.assertGreaterEqual(self.families["post"], audiences * 2 * 2 * 16 * 8 * 3)
        self.assertEqual(self.families["act"], 6 * 3 * 16 * 2 * 2)
        self.assertEqual(self.families["comment"], 2 * 3 * 16 * 4 * 4 * 4 * 2)
        self.assertEqual(self.families["people"], 16)
        self.assertEqual(self.families["directed"], 8)
        self.assertEqual(self.families["group-post"], 16 * 2 * 2 * 16 * 8 * 3)
        self.assertEqual(self.families["group-act"], 16 * 3 * 16 * 2)
        self.assertEqual(self.families["group-comment"], 16 * 3 * 4 * 4 * 3 * 2 * 2)
        self.assertEqual(self.families["group-directed"], 2)
        self.assertEqual(self.families["narrowed"], audiences * audiences)

    def test_review_is_for_stewards_who_are_no_party(self):
        for facts, answer in self.reviews:
            with self.subTest(**facts):
                self.assertEqual(answer, "1" if reference.review(**facts) else "0")
        self.assertEqual(len(self.reviews), 3 * 2 * 4 * 2 * 2)


class Reference(unittest.TestCase):
    """That the reference is not trivially quiet: what it must say in worlds anybody can think through."""

    def setUp(self):
        self.relations = reference.Relations(18)

    def world(self, **facts):
        config = {"audience": "friends", "deleted": False, "held": False, "range": "all", "age_ms": 0, **facts}
        return reference.World(self.relations, config)

    @staticmethod
    def at(table, ties=(), blocks=()):
        x = sum(1 << reference.ORDERED.index(pair) for pair in ties)
        x |= sum(1 << (12 + reference.PAIRS.index(pair)) for pair in blocks)
        return bool(table >> x & 1)

    def test_a_friend_sees_and_a_one_sided_tie_does_not(self):
        seen = self.world().see(1)
        self.assertTrue(self.at(seen, ties=[(0, 1), (1, 0)]))
        self.assertFalse(self.at(seen, ties=[(0, 1)]))
        self.assertFalse(self.at(seen, ties=[(1, 0)]))
        self.assertFalse(self.at(seen, ties=[(0, 1), (1, 0)], blocks=[(0, 1)]))

    def test_a_comment_needs_friends_on_both_sides(self):
        by_two = {"author": 2, "deleted": False, "held": False}
        seen = self.world(comments=[by_two, by_two]).comment(1, 0)
        friends = [(0, 1), (1, 0), (0, 2), (2, 0)]
        self.assertFalse(self.at(seen, ties=friends))
        self.assertTrue(self.at(seen, ties=[*friends, (1, 2), (2, 1)]))

    def test_a_deleted_tag_goes_on_excluding_and_admits_nobody(self):
        friends = [(0, 1), (1, 0)]
        for kind, living, gone in (("only", True, False), ("except", False, False)):
            with self.subTest(kind):
                self.assertEqual(self.at(self.world(audience=kind, list=[1]).see(1), ties=friends), living)
                deleted = self.world(audience=kind, list=[1], list_deleted=True)
                self.assertEqual(self.at(deleted.see(1), ties=friends), gone)

    def test_narrowing_only_takes_away(self):
        friends = [(0, 1), (1, 0)]
        for before, now, want in (
            ({"audience": "except", "list": [1], "list_deleted": True}, {"audience": "only", "people": [1]}, False),
            ({"audience": "only", "list": [1]}, {"audience": "only", "people": [1]}, True),
            ({"audience": "only", "list": [1], "list_deleted": True}, {"audience": "only", "people": [1]}, False),
            ({"audience": "self"}, {"audience": "friends"}, False),
        ):
            with self.subTest(before=before, now=now):
                self.assertEqual(self.at(self.world(**now, before=before).see(1), ties=friends), want)

    def test_in_a_group_membership_counts_and_a_friendship_does_not(self):
        friends = [(0, 1), (1, 0)]
        for members, want in (([0, 1], True), ([0], False), ([1], False)):
            with self.subTest(members=members):
                seen = self.world(audience="group", group=members, hides_from=[1], range="3d", age_ms=10**12).see(1)
                self.assertEqual(self.at(seen), want)
                self.assertEqual(self.at(seen, ties=friends), want)
                self.assertFalse(self.at(seen, blocks=[(0, 1)]))

    def test_in_a_group_strangers_comments_are_seen_until_they_leave(self):
        by_two = {"author": 2, "deleted": False, "held": False}
        for members, want in (([0, 1, 2], True), ([0, 1], False)):
            seen = self.world(audience="group", group=members, comments=[by_two, by_two]).comment(1, 0)
            self.assertEqual(self.at(seen), want)
            self.assertFalse(self.at(seen, blocks=[(1, 2)]))
            self.assertFalse(self.at(seen, blocks=[(0, 2)]))

    def test_columns_are_the_bits_of_their_number(self):
        for k in (0, 1, 11, 17):
            held = reference.column(k, 18)
            for x in (0, 1, 2, 3, 4097, 131072, 262143):
                self.assertEqual(held >> x & 1, x >> k & 1)


if __name__ == "__main__":
    unittest.main()
