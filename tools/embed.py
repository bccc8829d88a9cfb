#!/usr/bin/env python3
"""Makes files part of the program: writes an assembler file that includes their bytes, and a header.

The bytes go through `.incbin`, so a megabyte costs nothing at compile time, and lie 64-byte aligned in
read-only memory, followed by one NUL that the length does not count.

  embed.py --symbol NAME OUT.S OUT.h FILE
      extern const unsigned char NAME[]; extern const size_t NAME_bytes;
  embed.py --table NAME [--root DIR] [--gzip] OUT.S OUT.h FILE_OR_FOLDER...
      extern const struct embedded NAME[]; extern const size_t NAME_count;   (base/embed.h)
      Names are paths below DIR (default: the file's own name), sorted bytewise. With --gzip each file that
      shrinks by a tenth or more has a second entry, its name with ".gz" at the end.

In a room's meson.build (`python` and `embed` come from the top):

  model_embed = custom_target('text_model_embed',
    input: 'weights.bin',
    output: ['weights_embed.S', 'weights_embed.h'],
    command: [python, embed, '--symbol', 'text_weights', '@OUTPUT0@', '@OUTPUT1@', '@INPUT@'])
  static_library(..., model_embed, ...)          # includes as "weights_embed.h"

A folder of files that come and go is not named one by one: `--depfile FILE` lists what was read, for ninja:

  page_embed = custom_target('page_embed',
    output: ['page_embed.S', 'page_embed.h'],
    depfile: 'page_embed.d',
    command: [python, embed, '--table', 'page_files', '--root', web_dist, '--depfile', '@DEPFILE@',
              '@OUTPUT0@', '@OUTPUT1@', web_dist])

With --optional a path that is not there holds no file, and `--depfile` names the folder in which it would appear.
"""

import argparse
import gzip
import hashlib
import os
import sys


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def blob(label, path):
    # The digest makes the assembler text change with the content, which compiler caches look at.
    with open(path, "rb") as f:
        digest = hashlib.sha256(f.read()).hexdigest()
    return (
        f"/* sha256 {digest} */\n\t.balign 64\n{label}:\n\t.incbin {quoted(os.path.abspath(path))}\n"
        f"{label}_end:\n\t.byte 0\n"
    )


def exported(label, size):
    return f"\t.globl {label}\n\t.type {label}, @object\n\t.size {label}, {size}\n"


def number(label, value):
    return f"\t.balign 8\n{exported(label, 8)}{label}:\n\t.quad {value}\n"


def symbol(name, path):
    asm = "\t.section .rodata\n" + exported(name, f"{name}_end - {name}") + blob(name, path)
    asm += number(f"{name}_bytes", f"{name}_end - {name}")
    return asm, f"extern const unsigned char {name}[];\nextern const size_t {name}_bytes;\n"


def expand(paths, optional=False):
    """All files and, since a file may be added to them, all folders."""
    files, folders = [], []
    for path in paths:
        if not os.path.exists(path):
            if not optional:
                sys.exit(f"embed.py: {path} does not exist (script/build makes what is built elsewhere)")
            folders.append(os.path.dirname(os.path.abspath(path)))
        elif not os.path.isdir(path):
            files.append(path)
        for folder, _, names in os.walk(path):
            folders.append(folder)
            files += [os.path.join(folder, name) for name in names]
    return files, folders


def packed(folder, key, path):
    """The file gzipped, below `folder`; None when that saves little. The same bytes every time."""
    with open(path, "rb") as f:
        raw = f.read()
    small = gzip.compress(raw, 9, mtime=0)
    if len(small) * 10 > len(raw) * 9:
        return None
    out = os.path.join(folder, key + ".gz")
    os.makedirs(os.path.dirname(out), exist_ok=True)
    with open(out, "wb") as f:
        f.write(small)
    return out


def table(name, root, paths, pack_into=None):
    files = {}
    for path in paths:
        key = os.path.relpath(path, root) if root else os.path.basename(path)
        key = key.replace(os.sep, "/")
        if key in files or key.startswith("../"):
            sys.exit(f"embed.py: {path}: name {key} is taken or outside the root")
        files[key] = path
    if pack_into is not None:
        small = {f"{key}.gz": packed(pack_into, key, path) for key, path in files.items()}
        files.update({key: path for key, path in small.items() if path is not None})
    keys = sorted(files, key=os.fsencode)
    asm = "\t.section .rodata\n"
    for i, key in enumerate(keys):
        asm += f".L{name}_name_{i}:\n\t.asciz {quoted(key)}\n" + blob(f".L{name}_{i}", files[key])
    asm += number(f"{name}_count", len(keys))
    asm += "\t.section .data.rel.ro,\"aw\"\n\t.balign 16\n" + exported(name, 24 * len(keys)) + f"{name}:\n"
    for i in range(len(keys)):
        label = f".L{name}_{i}"
        asm += f"\t.quad .L{name}_name_{i}, {label}, {label}_end - {label}\n"
    return asm, f"extern const struct embedded {name}[];\nextern const size_t {name}_count;\n"


def main():
    args = argparse.ArgumentParser(usage=__doc__)
    what = args.add_mutually_exclusive_group(required=True)
    what.add_argument("--symbol")
    what.add_argument("--table")
    args.add_argument("--root")
    args.add_argument("--depfile")
    args.add_argument("--gzip", action="store_true")
    args.add_argument("--optional", action="store_true")
    args.add_argument("asm")
    args.add_argument("header")
    args.add_argument("files", nargs="+")
    a = args.parse_args()
    if a.symbol and len(a.files) != 1:
        sys.exit("embed.py: --symbol takes one file")
    name = a.symbol or a.table
    files, folders = expand(a.files, a.optional)
    if a.symbol:
        asm, declarations = symbol(name, a.files[0])
    else:
        pack_into = os.path.splitext(a.asm)[0] + ".gz" if a.gzip else None
        asm, declarations = table(name, a.root, files, pack_into)
    if a.depfile:
        with open(a.depfile, "w", encoding="utf-8") as f:
            needs = [os.path.abspath(path).replace(" ", "\\ ") for path in files + folders]
            f.write(f"{a.asm} {a.header}: {' '.join(sorted(needs))}\n")
    with open(a.asm, "w", encoding="utf-8") as f:
        f.write(asm + '\t.section .note.GNU-stack,"",@progbits\n')
    guard = f"KITH_EMBED_{name.upper()}_H"
    include = '#include "base/embed.h"' if a.table else "#include <stddef.h>"
    with open(a.header, "w", encoding="utf-8") as f:
        f.write(f"/* Written by tools/embed.py. */\n#ifndef {guard}\n#define {guard}\n\n{include}\n\n")
        f.write(f"{declarations}\n#endif\n")


if __name__ == "__main__":
    main()
