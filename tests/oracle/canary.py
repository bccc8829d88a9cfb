"""Canaries: words no text holds by chance, put into everything a server may not show to everybody, and their finding again.

A token is twelve letters, `zq` and five syllables, so that it passes for a strange word: in a text, a name, a handle, a
title, a file name, a slot of a picture's metadata. Answers are searched as raw bytes, and once more undone from whatever
they may be wrapped in, so that no format has to be known.
"""

import base64
import binascii
import gzip
import html
import re
import struct
import urllib.parse
import zlib

TOKEN = re.compile(rb"zq(?:[bdfghjklmnprstv][aeiou]){5}")
ID = re.compile(rb"\d{17,19}")
BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{24,}={0,2}")
ESCAPED = re.compile(rb"\\u00([0-9a-fA-F]{2})")
CONSONANTS, VOWELS = "bdfghjklmnprstv", "aeiou"


class Mint:
    """Tokens from a seeded source, each once."""

    def __init__(self, rng):
        self.rng = rng
        self.made = set()

    def token(self):
        while True:
            token = "zq" + "".join(self.rng.choice(CONSONANTS) + self.rng.choice(VOWELS) for _ in range(5))
            if token not in self.made:
                self.made.add(token)
                return token


def unwrapped(raw):
    """The bytes, and what they are when undone: compression, escapes of JSON, of addresses, of HTML, base64."""
    yield raw
    if raw[:2] == b"\x1f\x8b":
        raw = gzip.decompress(raw)
        yield raw
    if b"\\u00" in raw:
        yield ESCAPED.sub(lambda m: bytes([int(m.group(1), 16)]), raw)
    if b"%" in raw:
        yield urllib.parse.unquote_to_bytes(raw)
    if b"&#" in raw:
        yield html.unescape(raw.decode("utf-8", "replace")).encode()
    for run in BASE64.findall(raw):
        try:
            run = run.rstrip(b"=").replace(b"-", b"+").replace(b"_", b"/")
            yield base64.b64decode(run[: len(run) // 4 * 4])
        except binascii.Error:
            pass


def found(raw):
    """(tokens, ids) in an answer, as sets of bytes; of ids only what looks like one."""
    tokens, ids = set(), set(ID.findall(raw))
    for view in unwrapped(raw):
        tokens.update(TOKEN.findall(view))
        if b"ZQ" in view or b"Zq" in view:
            tokens.update(TOKEN.findall(view.lower()))
    return tokens, ids


def png(rng, token, size=24):
    """A small picture nobody else has: random blocks of colour, and a token in every slot of metadata PNG has."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    word = token.encode()
    blocks = [[bytes(rng.randrange(256) for _ in range(3)) for _ in range(4)] for _ in range(4)]
    rows = b"".join(b"\0" + b"".join(blocks[y * 4 // size][x * 4 // size] for x in range(size)) for y in range(size))
    exif = b"MM\0*\0\0\0\x08" + struct.pack(">HHHII", 1, 0x010E, 2, len(word) + 1, 26) + b"\0\0\0\0" + word + b"\0"
    xmp = b"XML:com.adobe.xmp\0\0\0\0\0<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + word + b"</x:xmpmeta>"
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0))
            + chunk(b"tEXt", b"Comment\0" + word) + chunk(b"zTXt", b"Title\0\0" + zlib.compress(word))
            + chunk(b"iTXt", xmp) + chunk(b"eXIf", exif) + chunk(b"IDAT", zlib.compress(rows))
            + chunk(b"IEND", b"") + word)
