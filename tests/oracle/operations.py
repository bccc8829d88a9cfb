"""Everything people do, in the order in which chance chooses among it: each file registers its operations in the table (acts.py)."""

import friend_acts  # noqa: F401
import tag_acts  # noqa: F401
import publish_acts  # noqa: F401
import change_acts  # noqa: F401
import group_acts  # noqa: F401
import picture_acts  # noqa: F401
import settings_acts  # noqa: F401
import session_acts  # noqa: F401
import hold_acts  # noqa: F401
import leave_acts  # noqa: F401
import stream_acts  # noqa: F401
import report_acts  # noqa: F401
import case_acts  # noqa: F401
import expert_acts  # noqa: F401
import appeal_acts  # noqa: F401
import keeper_acts  # noqa: F401
from acts import OPERATIONS


def choose(w, rng):
    """The next row of the log."""
    while True:
        name = rng.choices(list(OPERATIONS), [o.weight for o in OPERATIONS.values()])[0]
        row = OPERATIONS[name].choose(w, rng)
        if row is not None:
            return row
