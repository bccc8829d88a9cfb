#!/usr/bin/env python3
"""Reckons the draw of an appeal again from what everybody may know, with nothing of kith's own.

  draw.py ORIGIN APPEAL

Asks for GET /api/kith/v1/draws/APPEAL, for the root of the log it names, and for nothing else. Prints what it found, a line each; exit 1
when the draw is not what it must be. What it cannot see is why somebody was passed over: `kith audit draw` says that to who has the
database.
"""

import hashlib
import json
import sys
import urllib.request


def blake2b(data):
    return hashlib.blake2b(data, digest_size=32).digest()


def get(origin, path):
    with urllib.request.urlopen(f"{origin}/api/kith/v1/{path}") as answer:
        return json.load(answer)


def root_of(origin, day):
    """The root of that day, as it is published; roots are listed from the latest."""
    before = None
    while True:
        roots = get(origin, "audit/roots" + (f"?max_day={before}" if before else ""))
        for root in roots:
            if root["day"] == day:
                return root["root"]
        if not roots or roots[-1]["day"] == before:
            return None
        before = roots[-1]["day"]


def check(draw, root):
    """Yields what is wrong."""
    numbers = draw["list"]
    if numbers != sorted(set(numbers)):
        yield "the list is not in order, or names somebody twice"
    if any(len(n) != 16 or set(n) - set("0123456789abcdef") for n in numbers):
        yield "a number is no number"
    if blake2b("".join(n + "\n" for n in numbers).encode()).hex() != draw["list_hash"]:
        yield "the list is not the one whose hash was kept"
    if root != draw["root"]:
        yield f"the root of {draw['root_day']} is another one"
    seed = blake2b(bytes.fromhex(draw["root"]) + draw["number"].encode())
    ranked = sorted(numbers, key=lambda n: blake2b(seed + n.encode()))
    walk = draw["walk"]
    if [place["number"] for place in walk] != ranked[: len(walk)]:
        yield "the walk does not go along the ranking"
    states = [place["state"] for place in walk]
    if set(states) - {"seated", "replaced", "passed_over"}:
        yield "a state is unknown"
    if states.count("seated") > draw["seats"]:
        yield "more are seated than there are seats"
    if states.count("seated") + states.count("replaced") < draw["seats"]:
        yield "fewer were seated than there are seats"
    if draw["seats"] != {"seven": 7, "one_hop": 7, "five": 5, "three": 3}.get(draw["step"]):
        yield "the seats are not those of the step"
    if walk and states[-1] == "passed_over" and len(walk) < len(ranked):
        yield "the walk went further than it had to"


def main(origin, appeal):
    draw = get(origin.rstrip("/"), f"draws/{appeal}")
    root = root_of(origin.rstrip("/"), draw["root_day"])
    faults = list(check(draw, root))
    states = [place["state"] for place in draw["walk"]]
    print(f"appeal {draw['number']}: {len(draw['list'])} willing, step {draw['step']}, {draw['seats']} seats")
    print(f"seated {states.count('seated')}, replaced {states.count('replaced')}, passed over {states.count('passed_over')}")
    for fault in faults:
        print(f"WRONG: {fault}")
    if not faults:
        print("the draw is right")
    return 1 if faults else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__.strip())
    sys.exit(main(sys.argv[1], sys.argv[2]))
