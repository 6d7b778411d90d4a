"""``python -m local_azure``: the embedded Azure's commands."""

from __future__ import annotations

import sys

from local_azure.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
