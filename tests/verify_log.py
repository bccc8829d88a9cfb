#!/usr/bin/env python3
"""Holds what a circle publishes of its log, and one person's receipts, against each other: knows docs/api.md and none of the program.

  tests/verify_log.py KEY ROOTS [--consistency FILE]... [--receipts FILE]...

The files are the answers of /api/kith/v1/audit/key, /audit/roots, /audit/consistency and /measures/:id/receipts. Prints one line for
each thing that holds; exit 1 at the first that does not.
"""

import argparse
import hashlib
import json
import sys


def blake2b(data, key=b""):
    return hashlib.blake2b(data, digest_size=32, key=key).digest()


def leaf_of(record):
    return blake2b(b"\0" + record)


def node_of(left, right):
    return blake2b(b"\1" + left + right)


# ---- Ed25519, as in RFC 8032, section 6 ----

P = 2**255 - 19
Q = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def point_of(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    if y >= P:
        return None
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * ROOT % P
    if (x * x - x2) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return (x, y, 1, x * y % P)


def add(a, b):
    A = (a[1] - a[0]) * (b[1] - b[0]) % P
    B = (a[1] + a[0]) * (b[1] + b[0]) % P
    C = 2 * a[3] * b[3] * D % P
    E = 2 * a[2] * b[2] % P
    e, f, g, h = B - A, E - C, E + C, B + A
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def times(n, a):
    out = (0, 1, 1, 0)
    while n:
        if n & 1:
            out = add(out, a)
        a, n = add(a, a), n >> 1
    return out


def same(a, b):
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


Y = 4 * pow(5, P - 2, P) % P
BASE = point_of(Y.to_bytes(32, "little"))


def is_signed(key, message, signature):
    a, r = point_of(key), point_of(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= Q:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % Q
    return same(times(s, BASE), add(r, times(h, a)))


# ---- the tree, as in RFC 6962, section 2.1 ----


def split_of(n):
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def root_by_path(leaf, index, size, path):
    """The root that an inclusion proof leads to, by the recursion of PATH(m, D[n])."""
    if size == 1:
        return leaf if not path else None
    if not path:
        return None
    k = split_of(size)
    if index < k:
        below = root_by_path(leaf, index, k, path[:-1])
        return below and node_of(below, path[-1])
    below = root_by_path(leaf, index - k, size - k, path[:-1])
    return below and node_of(path[-1], below)


def roots_by_proof(first, size, proof, known):
    """Both roots that a consistency proof leads to, by the recursion of SUBPROOF(m, D[n], b)."""
    if first == size:
        if known is not None:
            return (known, known) if not proof else None
        return (proof[0], proof[0]) if len(proof) == 1 else None
    if not proof:
        return None
    k = split_of(size)
    if first <= k:
        below = roots_by_proof(first, k, proof[:-1], known)
        return below and (below[0], node_of(below[1], proof[-1]))
    below = roots_by_proof(first - k, size - k, proof[:-1], None)
    return below and (node_of(proof[-1], below[0]), node_of(proof[-1], below[1]))


# ---- what is published ----


class Wrong(Exception):
    pass


def must(holds, what):
    if not holds:
        raise Wrong(what)


def signed_text(root):
    return (
        f"kith-log-root 1\nday={root['day']}\nat={root['at']}\nsize={root['size']}\n"
        f"root={root['root']}\nhead={root['head']}\n"
    ).encode()


def check_root(root, key):
    must(is_signed(key, signed_text(root), bytes.fromhex(root["signature"])), f"signature of {root['day']}")


def check_consistency(answer, roots, key):
    first, last = answer["from"], answer["to"]
    for root in (first, last):
        check_root(root, key)
        must(roots.get(root["day"]) == root, f"{root['day']} is not as published")
    proof = [bytes.fromhex(one) for one in answer["proof"]]
    found = roots_by_proof(first["size"], last["size"], proof, bytes.fromhex(first["root"]))
    must(found == (bytes.fromhex(first["root"]), bytes.fromhex(last["root"])), "consistency")


def check_receipt(receipt, roots, key):
    record = receipt["record"].encode()
    lines = dict(line.split("=", 1) for line in receipt["record"].rstrip("\n").split("\n")[1:])
    must(receipt["record"].endswith("\n") and int(lines["seq"]) == receipt["seq"], "the record's number")
    leaf = leaf_of(record)
    must(leaf.hex() == receipt["leaf"], "leaf")
    root = {name: receipt[name] for name in ("day", "at", "size", "root", "head", "signature")}
    must(roots.get(root["day"]) == root, f"{root['day']} is not as published")
    must(receipt["key"] == key.hex(), "key")
    check_root(root, key)
    path = [bytes.fromhex(one) for one in receipt["path"]]
    must(0 < receipt["seq"] <= root["size"], "the record's number")
    must(root_by_path(leaf, receipt["seq"] - 1, root["size"], path) == bytes.fromhex(root["root"]), "path")
    must("for" in receipt["opened"], "whom it concerns is not opened")
    for name, value in receipt["opened"].items():
        hidden = blake2b(f"{name}={value}".encode(), key=bytes.fromhex(receipt["salt"]))
        must(lines[name] == "~" + hidden.hex(), f"what is hidden as {name}")


def read(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("key")
    parser.add_argument("roots")
    parser.add_argument("--consistency", action="append", default=[])
    parser.add_argument("--receipts", action="append", default=[])
    args = parser.parse_args()
    try:
        key = bytes.fromhex(read(args.key)["key"])
        roots = {root["day"]: root for root in read(args.roots)}
        for root in roots.values():
            check_root(root, key)
        print(f"{len(roots)} roots are signed")
        for path in args.consistency:
            answer = read(path)
            check_consistency(answer, roots, key)
            print(f"{answer['to']['day']} goes on from {answer['from']['day']}")
        for path in args.receipts:
            for receipt in read(path):
                check_receipt(receipt, roots, key)
                print(f"record {receipt['seq']} is in the log, opened: {' '.join(sorted(receipt['opened']))}")
    except (Wrong, KeyError, ValueError, TypeError, IndexError) as fault:
        print(f"does not hold: {fault}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
