"""Each check must bite: a small tree with one fault, and the line that names it."""

import os
import subprocess
import sys
import tempfile
import unittest

TOOL = os.path.join(os.path.dirname(os.path.abspath(__file__)), "check-rooms")

SOUND = {
    "src/base/str.h": "",
    "src/base/str.c": '#include "base/str.h"\n#include <stdio.h>\n',
    "src/model/post.h": '#include "base/str.h"\n',
    "src/store/posts.h": '#include "model/post.h"\n',
    "src/store/posts.c": '#include "store/posts.h"\nstatic const char q[] = "SELECT id FROM posts";\n',
    "src/store/posts_pages.c": '#include "store/posts.h"\n',
    "src/store/store_private.h": "",
    "src/http/server.c": '#include "base/str.h"\n',
    "src/circle/publish.h": "",
    "src/circle/publish.c": '#include "circle/publish.h"\n\n#include "store/posts.h"\n',
    "src/api/api_post.c": '#include "circle/publish.h"\n#include "page_embed.h"\n',
    "src/api/api_post_test.c": '#include "store/posts.h"\n',
    "src/store/meson.build": "",
    "src/api/meson.build": "custom_target('page', output: ['page.S', 'page_embed.h'])\n",
    "src/base/meson.build": "",
    "ARCHITECTURE.md": "`src/store/posts.{h,c}`, `circle/publish`, `store/posts*.c`, `posts.c`, "
    "`GET /api/v1/x`, `build/kith`, `kith serve`\n",
}

# name, files added or replaced, the fault that must be named
FAULTS = [
    ("base reaches up", {"src/base/str.c": '#include "model/post.h"\n'}, "base may not use model"),
    ("api reaches past circle", {"src/api/api_post.c": '#include "store/posts.h"\n'}, "api may not use store"),
    ("a test reaches up", {"src/base/str_test.c": '#include "api/api_post.h"\n'}, "base may not use api"),
    ("spaces hide no include", {"src/base/str.c": ' # include "http/server.h"\n'}, "base may not use http"),
    ("an include without room", {"src/base/str.c": '#include "str.h"\n'}, '"str.h" names no room'),
    ("a header generated elsewhere", {"src/base/str.c": '#include "page_embed.h"\n'}, "names no room"),
    ("an include of nothing", {"src/base/str.c": '#include "base/gone.h"\n'}, "base/gone.h does not exist"),
    (
        "a private header of another room",
        {"src/circle/publish.c": '#include "store/store_private.h"\n'},
        "store/store_private.h is private to store",
    ),
    ("an unknown room", {"src/shed/spade.c": ""}, "no room is called shed"),
    ("code outside the rooms", {"src/loose.c": ""}, "code lives in a room"),
    ("a name used twice", {"src/model/str.h": ""}, "src/model/str.h: the name is taken by src/base/str.h"),
    ("a module without header", {"src/store/rows.c": '#include "base/str.h"\n'}, "src/store/rows.c: has no header"),
    ("SQL in a verb", {"src/circle/publish.c": 'x("INSERT INTO posts");\n'}, "SQL outside src/store"),
    ("work left over", {"src/base/str.c": "/* TO" "DO later */\n"}, "unfinished"),
    ("a map of what is gone", {"ARCHITECTURE.md": "see `store/gone.c`\n"}, "store/gone.c does not exist"),
    ("one of two is gone", {"ARCHITECTURE.md": "`src/http/server.{h,c}`\n"}, "src/http/server.h does not"),
    ("a name alone is gone", {"ARCHITECTURE.md": "`gone.c`\n"}, "gone.c does not exist"),
]


def run(files):
    with tempfile.TemporaryDirectory() as root:
        for path, text in files.items():
            os.makedirs(os.path.dirname(os.path.join(root, path)), exist_ok=True)
            with open(os.path.join(root, path), "w", encoding="utf-8") as f:
                f.write(text)
        done = subprocess.run([sys.executable, TOOL, root], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr


class CheckRooms(unittest.TestCase):
    def test_a_sound_tree_passes(self):
        code, said = run(SOUND)
        self.assertEqual(code, 0, said)
        self.assertNotIn("not ok", said)

    def test_every_fault_is_named(self):
        for name, files, want in FAULTS:
            with self.subTest(name):
                code, said = run({**SOUND, **files})
                self.assertEqual(code, 1, said)
                self.assertIn(want, said)
                self.assertEqual(said.count("not ok"), 1, said)


if __name__ == "__main__":
    unittest.main()
