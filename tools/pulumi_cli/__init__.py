"""The Pulumi CLI: the one on PATH, else the official installer's, else one built here.

`go.mod` and `go.sum` pin the build by hash. A built CLI comes without Python support, which
Pulumi publishes in its release archives alone; `tools/language_host` stands in for it.
"""

from pathlib import Path

VERSION = (Path(__file__).resolve().parents[2] / ".pulumi.version").read_text().strip()
"""The release that is installed, and the oldest that is accepted on PATH.

The file is the one place that says it: pulumi/actions reads it in the workflows.
"""
