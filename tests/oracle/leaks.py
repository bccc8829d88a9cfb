"""Leaks put into the program on purpose, and how many answers it takes until the oracle sees each.

A program built with -Dleaks=true holds all of them; $KITH_LEAK names the one that is open (src/base/leak.h). A leak that is
not found means that an operation or an observer is missing.

    KITH=build-leaks/kith tests/oracle/leaks.py [NAME ...]     looks for each (all when none is named), prints answers taken
"""

import argparse
import os
import sys
from concurrent.futures import ThreadPoolExecutor

LEAKS = {
    # name: (row of tests/catalogue.md, what goes wrong)
    "friends.one_side": ("A1", "one side is enough to be friends"),
    "request.accepted": ("A1", "a request counts as accepted when it is made"),
    "home.after_unfriend": ("A3", "home goes on showing who ended the friendship"),
    "world.unfriend": ("A3", "memory is not told that a friendship ended"),
    "world.blocked": ("A3", "memory is not told of a block"),
    "world.untagged": ("A3", "memory goes on counting who was taken out of a tag"),
    "world.narrowed": ("A4", "memory goes on with the wider audience"),
    "narrow.forgets": ("A4", "whom an earlier audience left out is let in again"),
    "tag.deleted_widens": ("A4", "a deleted tag no longer leaves out who was in it"),
    "thread.unchecked": ("A5", "the thread of a post is shown without asking for each comment"),
    "hashtag.unchecked": ("A6", "the page of a #word does not ask who may see a post"),
    "search.held": ("A8", "search shows what is held"),
    "search.audience": ("A8", "search shows friends' posts whatever their audience"),
    "search.blocked": ("A9", "people are found by who blocked them"),
    "picture.unchecked": ("A10", "a picture is given to whoever has the address"),
    "picture.deleted_post": ("A11", "a picture outlives its post"),
    "picture.held": ("A12", "the pictures of a held post are served"),
    "picture.unused": ("A13", "a picture not yet posted is served to others"),
    "world.deleted_post": ("A14", "a deleted post stays in memory"),
    "world.deleted_comment": ("A14", "a deleted comment stays in memory"),
    "notice.deleted": ("A15", "a notice is shown though what it tells of may not be seen"),
    "notice.comment": ("A15", "a notice shows a comment the reader may not see"),
    "stream.unchecked": ("A16", "a stream does not ask who may see a new post"),
    "stream.after_end": ("A17", "a stream goes on after sign-out, block and sealing"),
    "session.revoked": ("A17", "an ended session goes on"),
    "session.password": ("A17", "other sessions go on after a new password"),
    "count.likers": ("A19", "the count of likes counts everybody"),
    "count.comments": ("A20", "the count of comments counts everybody"),
    "act.strangers": ("A21", "friends of the author see each other's likes and comments, friends or not"),
    "comment.commenter": ("A21", "a comment is shown whoever wrote it"),
    "reply.answered": ("A22", "an answer to somebody hidden is shown"),
    "reply.names_hidden": ("A22", "an answer names the hidden comment it answers"),
    "mention.card": ("A22", "a mention shows who is behind a block"),
    "friends.of_others": ("A24", "somebody else's friends are listed"),
    "group.stranger": ("A25", "a group is shown to who is not in it"),
    "group.invited_count": ("A25", "the invited learn how many are in a group"),
    "group.count": ("A25", "the count of members counts who is behind a block"),
    "world.left_group": ("A26", "memory goes on counting who left a group"),
    "group.author_left": ("A26", "what somebody wrote stays in the group they left"),
    "group.block": ("A28", "a block does not hold inside a group"),
    "card.block": ("A28", "a card is shown behind a block"),
    "act.block": ("A28", "likes and comments are shown behind a block"),
    "notice.block": ("A29", "one is told of what somebody behind a block did"),
    "block.hides_others": ("A30", "what stands below a hidden comment is hidden too"),
    "history.unshown": ("A32", "the history shows a change that was held"),
    "world.old_words": ("A33", "memory goes on showing the words before a change"),
    "export.comments": ("A34", "an archive holds comments its owner may not see"),
    "range.direct_link": ("A38", "the author's range does not count for a direct link"),
    "profile.strangers": ("A39", "signature, cover and album are shown to strangers"),
    "review.party": ("A42", "stewards review what they wrote themselves"),
    "review.members": ("A42", "members come to the stewards' desk"),
    "measure.steward": ("A44", "the steward who decided is named"),
    "report.unseen": ("A41", "what one does not see can be reported"),
    "case.party": ("A42", "who is a party sees the case"),
    "review.reporter": ("E13", "who reported somebody reviews what is held of theirs"),
    "case.reporter": ("A44", "a case names who reported"),
    "measure.others": ("A44", "another's measure can be read by its number"),
    "appeal.others": ("A44", "another's appeal can be read by its number"),
    "receipt.others": ("E8", "another's receipts can be fetched"),
    "juror.names": ("E2", "a juror reads who appeals"),
    "measure.hold": ("A44", "a change that is held is told to others than its author"),
    "fold.told": ("A44", "a fold is told to who sees no earlier copy"),
    "fold.first_hidden": ("A44", "a fold names a copy that its viewer may not see"),
    "narrow.wider": ("A45", "an audience can be made wider"),
    "cache.stored": ("A48", "answers may be kept by caches"),
    "hidden.forbidden": ("A50", "hidden and absent are answered differently"),
    "home.second_page": ("A52", "the second page does not ask the audience"),
    "act.sealed": ("A54", "likes and comments of sealed people stay"),
    "post.sealed_author": ("A54", "posts of sealed people stay"),
    "act.ex_friend": ("A54", "what somebody did stays when neither side counts the other as a friend"),
    "log.words": ("A57", "the log holds what people wrote"),
    "audience.shown": ("A2", "the audience of a post is shown to others"),
    "hide_mine.ignored": ("A2", "who is hidden from sees all the same"),
    "comment.held_shown": ("A12", "a held comment is shown"),
    "home.hidden": ("A30", "who was hidden from home is in it"),
    "sealed.reads": ("B6", "a sealed person goes on reading"),
}
# Seen only where several rare things meet: looked for in bench/oracle, where there is time.
SLOW = {"narrow.forgets", "narrow.wider", "tag.deleted_widens", "search.blocked", "search.held", "stream.unchecked", "export.comments",
        "review.party", "receipt.others", "fold.first_hidden"}
ANSWERS = 400_000
SECONDS = 1800


def find(name, seed, answers=ANSWERS, seconds=SECONDS, kith=None):
    """(answers until it was seen or the search was given up, the fault or None)"""
    import run
    checked, _, fault, _ = run.explore(seed, answers, seconds, kith=kith, env={"KITH_LEAK": name})
    return checked, fault


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--answers", type=int, default=ANSWERS)
    parser.add_argument("--seconds", type=float, default=SECONDS, help="for each leak")
    parser.add_argument("--verbose", action="store_true", help="say how each was seen")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    a = parser.parse_args()
    unknown = [name for name in a.names if name not in LEAKS]
    if unknown:
        parser.error(f"no such leak: {' '.join(unknown)}")
    if a.inside:
        checked, fault = find(a.names[0], a.seed, a.answers, a.seconds)
        print(f"{a.names[0]}\t{checked}\t{str(fault).splitlines()[0] if fault else ''}")
        return 0
    names = a.names or list(LEAKS)
    missed = 0
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for name, checked, seen in pool.map(lambda name: outside(name, a), names):
            row, what = LEAKS[name]
            missed += not seen
            print(f"{row:4} {name:22} {checked if seen else 'not found in ' + str(checked):>8}  {what}"
                  + (f"\n       {seen[:200]}" if a.verbose and seen else ""), flush=True)
    print(f"{len(names) - missed} of {len(names)} leaks found")
    return 1 if missed else 0


def outside(name, a):
    """Each in a process of its own."""
    import subprocess
    done = subprocess.run([sys.executable, os.path.abspath(__file__), "--inside", name, "--seed", str(a.seed),
                           "--answers", str(a.answers), "--seconds", str(a.seconds)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    name, checked, seen = done.stdout.strip("\n").split("\t")
    return name, int(checked), seen


if __name__ == "__main__":
    sys.exit(main())
