"""The state of all services: one SQLite file, written from the event loop's thread only.

Write-ahead logging with ``synchronous=NORMAL``: whatever was committed survives the end of the
process at any moment. A loss of power may cost the last transactions, but not the file.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken

from local_azure.errors import LocalAzureError

FORMAT = 1
"""Of what services keep; a higher one can't go on with what an earlier one wrote."""

KEPT = 10_000
"""Of each history, such as events or runs: how many entries are kept; what is under way is more."""


class State:
    """SQL with short names; JSON and sealed columns by functions of this module.

    Args:
        path: the database file, made at first use.
        key: seals what must not lie in the file in clear (Fernet, 32 bytes in URL-safe base64).

    Attributes:
        kept: how many entries of each history are kept, about.

    Raises:
        LocalAzureError: another version wrote the file.
        ValueError: it was emptied, or sealed with another key.
    """

    def __init__(self, path: Path, key: bytes) -> None:
        _refuse_emptied(path)
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        self._fernet = Fernet(key)
        self._depth = 0
        self._memories: list[dict[Any, Any]] = []
        self.kept = KEPT
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=5000"):
            self._connection.execute(f"PRAGMA {pragma}")
        path.chmod(0o600)
        self._check_format(path)
        self._check_key()

    def _check_format(self, path: Path) -> None:
        if self.row("SELECT 1 FROM sqlite_master") is None:
            self.execute(f"PRAGMA user_version = {FORMAT}")
        (found,) = self.row("PRAGMA user_version") or (0,)
        if found != FORMAT:
            message = (
                f"The state in {path.parent} was written by another version of the embedded "
                "Azure. Go on with that one, or delete the state and its stacks: "
                "local-azure reset"
            )
            raise LocalAzureError(message)

    @property
    def changes(self) -> int:
        """Another number after anything has been written by this process."""
        return self._connection.total_changes

    def define(self, schema: str) -> None:
        """Create what is missing; every statement says ``IF NOT EXISTS``."""
        self._connection.executescript(schema)

    def execute(self, sql: str, *values: Any) -> int:
        """Run one statement and return how many rows it changed."""
        return self._connection.execute(sql, values).rowcount

    def insert(self, sql: str, *values: Any) -> int:
        """Insert one row; its number."""
        number = self._connection.execute(sql, values).lastrowid
        assert number is not None  # noqa: S101 SQLite tells it of an insertion
        return number

    def each(self, sql: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """Run one statement with each row of values."""
        self._connection.executemany(sql, rows)

    def rows(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        """All rows of a query."""
        return self._connection.execute(sql, values).fetchall()

    def row(self, sql: str, *values: Any) -> sqlite3.Row | None:
        """The first row of a query, or None."""
        found: sqlite3.Row | None = self._connection.execute(sql, values).fetchone()
        return found

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside is committed together or not at all; blocks may nest.

        The block must not await: another task would write into the same transaction.
        """
        if self._depth:
            yield
            return
        self._connection.execute("BEGIN IMMEDIATE")
        self._depth = 1
        try:
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            self._connection.execute("ROLLBACK")
            for memory in self._memories:
                memory.clear()
            raise
        finally:
            self._depth = 0

    def memory(self) -> dict[Any, Any]:
        """To remember in what was read or written: emptied when a transaction is taken back."""
        self._memories.append({})
        return self._memories[-1]

    def prune(self, history: str, newest: int, ended: str = "TRUE") -> None:
        """Forget the oldest of a history; to be called with each entry that is added.

        What belongs to an entry in other tables goes by a trigger of theirs.

        Args:
            history: its table, whose row ids grow.
            newest: the row id of the entry that was added.
            ended: SQL, true of an entry that may go.
        """
        # Now and then, so that adding costs the same however many old ones are still under way.
        if newest % max(1, self.kept // 100) == 0:
            self.execute(
                f"DELETE FROM {history} WHERE rowid <= ? AND ({ended})",  # noqa: S608 our own names
                newest - self.kept,
            )

    def _check_key(self) -> None:
        """Refuse another key than the one that the file was sealed with.

        Raises:
            ValueError: it is another one.
        """
        self.define("CREATE TABLE IF NOT EXISTS sealing (sealed BLOB NOT NULL)")
        row = self.row("SELECT sealed FROM sealing")
        if row is None:
            self.execute("INSERT INTO sealing VALUES (?)", self.seal("sealed"))
            return
        try:
            self.open(row["sealed"])
        except InvalidToken:
            message = "sealing.secret is not the key that the state was sealed with"
            raise ValueError(message) from None

    def seal(self, value: Any) -> bytes:
        """A JSON value, encrypted."""
        return self._fernet.encrypt(json.dumps(value).encode())

    def open(self, sealed: bytes) -> Any:
        """The JSON value that ``seal`` was given."""
        return json.loads(self._fernet.decrypt(sealed))

    def close(self) -> None:
        """Release the file."""
        self._connection.close()


def _refuse_emptied(path: Path) -> None:
    # To SQLite an empty file is a new database, and all that lies beside it would be without owner.
    log = path.with_name(f"{path.name}-wal")
    emptied = path.is_file() and not path.stat().st_size
    if emptied and not log.exists() and path.with_name("authority.pem").exists():
        raise ValueError(f"{path.name} is empty")
