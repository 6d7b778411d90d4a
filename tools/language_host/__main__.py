"""The process that the engine starts: `language_host [options] ENGINE_ADDRESS`."""

import signal
import sys
from pathlib import Path

# an interrupt while the imports run must not show a traceback to the user
signal.signal(signal.SIGINT, signal.SIG_DFL)
# started as a folder, by a path: the package is found from the checkout
sys.path[0] = str(Path(__file__).resolve().parents[2])

from tools.language_host.server import serve

if __name__ == "__main__":
    serve()
