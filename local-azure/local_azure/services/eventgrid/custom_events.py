"""Events in a publisher's own schema, as events of Event Grid (D:event-grid/input-mappings).

The whole original becomes ``data``. UNVERIFIED: that without a mapping the fields are looked up
by Event Grid's own names, and that a dot in a field's name is a part of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

if TYPE_CHECKING:
    from collections.abc import Mapping

_FIELDS = ("id", "topic", "eventTime", "eventType", "subject", "dataVersion")


def mapped(original: Mapping[str, Any], mapping: Mapping[str, Any], now: str) -> dict[str, Any]:
    """The event of Event Grid; fields that neither the event nor the mapping has are left out.

    Args:
        original: as it was published.
        mapping: ``inputSchemaMapping``: for each field a ``sourceField``, a ``defaultValue``.
        now: its time, where it has none.
    """
    found = {field: _field(field, original, mapping.get(field) or {}) for field in _FIELDS}
    kept = {field: value for field, value in found.items() if value is not None}
    return {"id": str(uuid4()), "eventTime": now, **kept, "data": original}


def _field(field: str, original: Mapping[str, Any], rule: Mapping[str, Any]) -> Any:
    value = original.get(rule.get("sourceField") or field)
    return rule.get("defaultValue") if value is None else value
