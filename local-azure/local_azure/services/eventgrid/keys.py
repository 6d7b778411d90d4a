"""The two access keys of each custom topic and domain, sealed at rest."""

import base64
import secrets

from local_azure.control_plane.state import State

_BYTES = 32
_SCHEMA = """
CREATE TABLE IF NOT EXISTS event_grid_keys (resource TEXT PRIMARY KEY, sealed BLOB NOT NULL);
"""


class Keys:
    """All access keys.

    Args:
        state: keeps them.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        state.define(_SCHEMA)

    def make(self, resource_id: str) -> None:
        """Give a topic or domain its keys; one that has them keeps them."""
        made = [_made() for _ in range(2)]
        self._state.execute(
            "INSERT OR IGNORE INTO event_grid_keys VALUES (?, ?)",
            resource_id.lower(),
            self._state.seal(made),
        )

    def of(self, resource_id: str) -> tuple[str, str]:
        """The keys of a topic or domain: 32 bytes each, in base64.

        Raises:
            LookupError: it has none.
        """
        row = self._state.row(
            "SELECT sealed FROM event_grid_keys WHERE resource = ?", resource_id.lower()
        )
        if row is None:
            raise LookupError(f"{resource_id} has no access keys.")
        first, second = self._state.open(row["sealed"])
        return first, second

    def renew(self, resource_id: str, index: int) -> None:
        """Make one of the two anew, the first at 0: what was signed with it opens nothing more."""
        made = list(self.of(resource_id))
        made[index] = _made()
        self._state.execute(
            "UPDATE event_grid_keys SET sealed = ? WHERE resource = ?",
            self._state.seal(made),
            resource_id.lower(),
        )

    def forget(self, resource_id: str) -> None:
        """The topic or domain is deleted."""
        self._state.execute("DELETE FROM event_grid_keys WHERE resource = ?", resource_id.lower())


def _made() -> str:
    return base64.b64encode(secrets.token_bytes(_BYTES)).decode()
