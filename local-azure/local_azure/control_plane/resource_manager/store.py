"""Resources as they stand: what a GET answers in clear, and what was PUT sealed.

Resource ids are compared without case, as Azure does.
"""

import json
from dataclasses import dataclass, replace
from sqlite3 import Row
from typing import Any

from local_azure.control_plane.clock import Clock, iso
from local_azure.control_plane.state import State

SCHEMA = """
CREATE TABLE IF NOT EXISTS resources (
    key TEXT PRIMARY KEY, id TEXT NOT NULL, type TEXT NOT NULL, name TEXT NOT NULL,
    body BLOB NOT NULL, properties TEXT NOT NULL, created TEXT NOT NULL, changed TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS resources_by_type ON resources (type);
"""


@dataclass(frozen=True)
class Resource:
    """One resource.

    Attributes:
        id: resource id, in the case it was created with.
        type: ARM type, such as ``Microsoft.Storage/storageAccounts``.
        name: its own name, the id's last segment.
        body: the last PUT's whole body, write-only values included: keys as azure-native has them
            on the wire (camelCase, flattened). Sealed at rest. Everybody has the same one: whoever
            changes it makes another.
        properties: what a GET answers; no write-only value. The same holds of it.
        created: when, ISO 8601 UTC.
        changed: when last, ISO 8601 UTC.
    """

    id: str
    type: str
    name: str
    body: dict[str, Any]
    properties: dict[str, Any]
    created: str = ""
    changed: str = ""


class Resources:
    """All resources of the embedded Azure."""

    def __init__(self, state: State, clock: Clock) -> None:
        self._state = state
        self._clock = clock
        self._changed = 0
        self._versions: dict[str, int] = state.memory()
        self._known: dict[str, Resource] = state.memory()
        state.define(SCHEMA)

    @property
    def changes(self) -> int:
        """As ``version``, of any resource: what caches look at first."""
        return self.version("")

    def version(self, kind: str) -> int:
        """A number that grows with every change to resources of an ARM type, for caches.

        With one that is taken back as well: what was read since is wrong.
        """
        if kind not in self._versions:
            self._count(kind)
        return self._versions[kind]

    def _count(self, *kinds: str) -> None:
        self._changed += 1
        self._versions |= dict.fromkeys(kinds, self._changed)

    def find(self, resource_id: str) -> Resource | None:
        """The resource with this id, or None."""
        key = _key(resource_id)
        if key in self._known:
            return self._known[key]
        row = self._state.row("SELECT * FROM resources WHERE key = ?", key)
        return self._resource(row) if row else None

    def named(self, kind: str, name: str) -> Resource | None:
        """The resource of an ARM type with this name, for types whose names are unique."""
        row = self._state.row(
            "SELECT * FROM resources WHERE type = ? AND name = ? COLLATE NOCASE", kind, name
        )
        return self._resource(row) if row else None

    def select(self, kind: str, under: str = "") -> list[Resource]:
        """All resources of an ARM type, by creation; of those below an id, if one is given."""
        rows = self._state.rows(
            "SELECT * FROM resources WHERE type = ? AND substr(key, 1, ?) = ? ORDER BY rowid",
            kind,
            len(under) and len(_key(under)) + 1,
            under and f"{_key(under)}/",
        )
        return [self._resource(row) for row in rows]

    def below(self, resource_id: str) -> list[str]:
        """Ids of all resources whose id begins with this one's."""
        prefix = f"{_key(resource_id)}/"
        rows = self._state.rows(
            "SELECT id FROM resources WHERE substr(key, 1, ?) = ?", len(prefix), prefix
        )
        return [row["id"] for row in rows]

    def put(self, resource: Resource) -> Resource:
        """Create or replace a resource; the answer carries its times."""
        now, key = iso(self._clock.now()), _key(resource.id)
        before = self.find(resource.id)
        self._state.execute(
            "INSERT INTO resources VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE "
            "SET body = excluded.body, properties = excluded.properties, "
            "changed = excluded.changed",
            key,
            resource.id,
            resource.type,
            resource.name,
            self._state.seal(resource.body),
            json.dumps(resource.properties),
            before.created if before else now,
            now,
        )
        self._count(resource.type, "")
        self._known[key] = replace(
            before or resource,
            body=_copy(resource.body),
            properties=_copy(resource.properties),
            created=before.created if before else now,
            changed=now,
        )
        return self._known[key]

    def delete(self, resource_id: str) -> bool:
        """Remove a resource; whether there was one."""
        gone = self._state.rows(
            "DELETE FROM resources WHERE key = ? RETURNING type", _key(resource_id)
        )
        self._known.pop(_key(resource_id), None)
        for row in gone:
            self._count(row["type"], "")
        return bool(gone)

    def _resource(self, row: Row) -> Resource:
        """As it was read once: to open a body takes longer than all else that a request asks."""
        if row["key"] not in self._known:
            self._known[row["key"]] = Resource(
                row["id"],
                row["type"],
                row["name"],
                self._state.open(row["body"]),
                json.loads(row["properties"]),
                row["created"],
                row["changed"],
            )
        return self._known[row["key"]]


def _copy(value: dict[str, Any]) -> dict[str, Any]:
    """As it would be read."""
    copied: dict[str, Any] = json.loads(json.dumps(value))
    return copied


def _key(resource_id: str) -> str:
    return resource_id.rstrip("/").lower()
