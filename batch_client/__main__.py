"""``batch-events``, and ``python -m batch_client``."""

import signal
import sys
from typing import NoReturn

from batch_client.cli import main


def run() -> NoReturn:
    """What a CI system cancels gets SIGTERM: it cleans up as after Ctrl-C."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.exit(main(sys.argv[1:]))


if __name__ == "__main__":
    run()
