"""What docs/rights.yaml says, for the tests that hold it true."""

from __future__ import annotations

from typing import Any

import yaml

from tests import PROJECT

RIGHTS: dict[str, dict[str, Any]] = yaml.safe_load((PROJECT / "docs" / "rights.yaml").read_text())
