"""The address of the page, and a browser that opens it."""

import html
import os
import sys
import webbrowser
from collections.abc import Mapping
from typing import Any

from local_azure.home import Home, write_private
from local_azure.page.door import token


def address(home: Home, told: Mapping[str, Any]) -> str:
    """The page's address; whoever has it can do what the page can.

    Args:
        home: the state folder.
        told: what the running server tells (``ports``).
    """
    return f"http://127.0.0.1:{told['ports']['page']}/?token={token(home.secret('console'))}"


def show(home: Home, url: str) -> None:
    """Open the address by way of a private file: everybody sees a browser's command line.

    Where there is no screen nothing is opened: a browser would take the terminal.
    """
    if sys.platform != "darwin" and not {"DISPLAY", "WAYLAND_DISPLAY"} & os.environ.keys():
        return
    file = home.folder / "page.html"
    write_private(file, f'<meta http-equiv="refresh" content="0; url={html.escape(url)}">')
    webbrowser.open(file.as_uri())
