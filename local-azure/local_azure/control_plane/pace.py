"""How long Azure takes: for operations, and until what is new is known everywhere.

One table with a source for each time; UNVERIFIED where there is none. It holds only where the
server was started ``--as-slow-as-azure``; otherwise everything is done and known at once.
"""

import re

from local_azure.control_plane.clock import Clock
from local_azure.control_plane.state import State

SCHEMA = "CREATE TABLE IF NOT EXISTS propagation (what TEXT PRIMARY KEY, known REAL NOT NULL);"
ROLE = 600.0
"""Seconds until a role counts: "up to 10 minutes" (D:role-based-access-control/troubleshooting)."""
PRINCIPAL = 18.0
"""Seconds until a new application or secret signs in: 4 to 18 were seen
(terraform-provider-azuread#4)."""
OPERATIONS: tuple[tuple[str, float], ...] = (
    # Recorded: the monitor asked again after about 10 and 30 seconds; `Retry-After` of an account.
    (r"\w+ Microsoft\.EventGrid/.+", 10),
    (r"\w+ .+/batchEndpoints(/deployments)?", 30),
    (r"PUT Microsoft\.Storage/storageAccounts", 17),
    # Recorded by startTime and endTime, 2026.
    (r"DELETE Microsoft\.OperationalInsights/workspaces", 6),
    # Recorded: two looks, 15 seconds apart.
    (r"DELETE Microsoft\.Resources/resourceGroups", 30),
    # Recorded: PT7.47S for a template of one resource.
    (r"PUT Microsoft\.Resources/deployments", 8),
    # UNVERIFIED from here on.
    (r"PUT Microsoft\.MachineLearningServices/workspaces", 60),
    (r"PUT .+/workspaces/computes", 30),
    (r"PUT Microsoft\.KeyVault/vaults", 20),
    (r"\w+ Microsoft\.(ServiceBus|EventHub)/namespaces", 60),
)
"""Seconds of a method of a type; what is not in here is done when it is answered."""


class Pace:
    """The times that hold.

    Args:
        state: what is not known everywhere yet, by its id.
        clock: what they are counted by.
        is_slow: whether they hold at all.
    """

    def __init__(self, state: State, clock: Clock, *, is_slow: bool) -> None:
        self._state = state
        self._clock = clock
        self.is_slow = is_slow
        state.define(SCHEMA)

    def seconds(self, method: str, arm_type: str) -> float:
        """What an operation takes."""
        asked = f"{method} {arm_type}"
        times = (time for pattern, time in OPERATIONS if re.fullmatch(f"(?i){pattern}", asked))
        return next(times, 0.0) if self.is_slow else 0.0

    def delay(self, what: str, seconds: float) -> None:
        """Something is new, and known everywhere after a while; what is new already stays so."""
        if self.is_slow:
            self._state.execute(
                "INSERT OR IGNORE INTO propagation VALUES (?, ?)",
                what.lower(),
                self._clock.timestamp() + seconds,
            )

    def is_known(self, what: str) -> bool:
        """Whether something is known everywhere."""
        if not self.is_slow:
            return True
        row = self._state.row("SELECT known FROM propagation WHERE what = ?", what.lower())
        return row is None or bool(row["known"] <= self._clock.timestamp())

    def forget(self, what: str) -> None:
        """Something is gone; made again it is new."""
        self._state.execute("DELETE FROM propagation WHERE what = ?", what.lower())
