"""The folder that big parts are installed into, once for each user."""

import os
from pathlib import Path


def folder() -> Path:
    """Below ``XDG_CACHE_HOME`` if that is absolute, else ``~/.cache``."""
    base = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return (base if base.is_absolute() else Path.home() / ".cache") / "local-azure"
