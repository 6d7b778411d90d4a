"""The process that the engine starts: `language_host [options] ENGINE_ADDRESS`."""

import signal
import sys
from importlib import util
from pathlib import Path
from types import ModuleType

# an interrupt while the imports run must not show a traceback to the user
signal.signal(signal.SIGINT, signal.SIG_DFL)
# started as a folder, by a path: the package is found from the checkout
sys.path[0] = str(Path(__file__).resolve().parents[2])


def _leave_out_the_sdk() -> None:
    """Let `pulumi.runtime.proto` be imported without the packages around it.

    They are half of a start, and the engine starts two hosts for each `up`.
    """
    found = util.find_spec("pulumi")
    for folder in (found and found.submodule_search_locations) or ():
        for name in ("pulumi", "pulumi.runtime"):
            sys.modules[name] = package = ModuleType(name)
            package.__path__ = [str(Path(folder).parent.joinpath(*name.split(".")))]


_leave_out_the_sdk()

from tools.language_host.server import serve

if __name__ == "__main__":
    serve()
