"""Environment variables of the process that scores: names as in a shell, values that are text.

The service sets two of its own (D:machine-learning/how-to-batch-scoring-script); which of the two
values would hold if a deployment named one of them is UNVERIFIED, so it may not.
"""

from __future__ import annotations

import re
from typing import Any, Final

from components.settings.problems import Refusal

RESERVED: Final = ("AZUREML_MODEL_DIR", "AZUREML_BI_OUTPUT_PATH")

_NAME = re.compile("[A-Za-z_][A-Za-z0-9_]{0,254}")
# Azure's limit, if there is one: UNVERIFIED. Linux takes 131072 bytes for a name with its value.
_LONGEST = 32768
_ACCEPTED = (
    "an object of names and values: names of letters, digits and '_', the first no digit, none of"
    f" {', '.join(RESERVED)}, which the service sets; values text of at most {_LONGEST} characters"
)


def check(value: dict[Any, Any]) -> list[Refusal]:
    """Refusals of `environment_variables`; a number or true in YAML is no text."""
    return [
        Refusal(_ACCEPTED, path=f".{name}", found=text)
        for name, text in value.items()
        if not (_is_name(name) and _is_value(text))
    ]


def _is_name(name: Any) -> bool:
    return isinstance(name, str) and bool(_NAME.fullmatch(name)) and name not in RESERVED


def _is_value(text: Any) -> bool:
    return isinstance(text, str) and len(text) <= _LONGEST and "\0" not in text
