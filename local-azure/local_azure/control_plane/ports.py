"""Where the listeners are.

The ports of the last run are kept, so that a shell that knows them goes on after a restart.
"""

import contextlib
import socket
from dataclasses import dataclass, field


@dataclass
class Ports:
    """Loopback ports by name: ``tls``, ``proxy``, ``console``, ``page``, one for each provider."""

    now: dict[str, int] = field(default_factory=dict)
    last: dict[str, int] = field(default_factory=dict)

    def free(self, name: str) -> int:
        """The port that this listener had before, or 0 (any) where it is taken by now."""
        port = self.last.get(name, 0)
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
        return 0
