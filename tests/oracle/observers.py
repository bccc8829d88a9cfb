"""Everything that is looked at, in the order in which chance chooses among it: each file registers its observers in the table (looks.py)."""

import feed_looks  # noqa: F401
import piece_looks  # noqa: F401
import people_looks  # noqa: F401
import group_looks  # noqa: F401
import notice_looks  # noqa: F401
import hold_looks  # noqa: F401
import session_looks  # noqa: F401
import open_looks  # noqa: F401
import search_looks  # noqa: F401
import picture_looks  # noqa: F401
import settings_looks  # noqa: F401
import page_looks  # noqa: F401
import order_looks  # noqa: F401
from looks import OBSERVERS


def choose(w, rng, session):
    while True:
        name = rng.choices(list(OBSERVERS), [o.weight for o in OBSERVERS.values()])[0]
        a = OBSERVERS[name].pick(w, rng, session.person)
        if a is not None:
            return {"look": name, "by": session.key, **a}
