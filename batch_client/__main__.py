"""``python -m batch_client``."""

import signal
import sys

from batch_client.cli import main

# What a CI system cancels gets SIGTERM: it cleans up as after Ctrl-C.
signal.signal(signal.SIGTERM, signal.default_int_handler)
sys.exit(main(sys.argv[1:]))
