"""The Pulumi CLI: the one on PATH, else the official installer's, else one built here.

`go.mod` and `go.sum` pin the build by hash. A built CLI comes without Python support, which
Pulumi publishes in its release archives alone; `tools/language_host` stands in for it.
"""

VERSION = "3.250.0"
"""The release that is installed, and the oldest that is accepted on PATH."""
