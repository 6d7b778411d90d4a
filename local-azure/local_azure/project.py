"""The Pulumi project whose stacks are brought up: the nearest folder upwards with a Pulumi.yaml.

Its pyproject.toml says under ``[tool.local-azure]`` what the embedded Azure has to know of it:

``path``: folders that come before ``PATH``, such as that of a Pulumi CLI of its own.
``people``: keys of a stack file that list people (``object_id``, ``type``). The first one of them
runs `up`; where it names nobody, somebody of this tenant stands in.
``rights``: a YAML file; its ``up`` says with which ``roles`` and ``graph`` permissions `up` runs
(without the file: Owner, and owned applications).
``rules``: ``module:function`` that takes a stack's name and what its file configures, and gives the
filters of its event subscriptions by name, for ``try event --stack``.
"""

import importlib
import sys
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local_azure.errors import LocalAzureError

Rules = Callable[[str, dict[str, Any]], dict[str, dict[str, Any]]]

_ENTRIES = {"path": list, "people": list, "rights": str, "rules": str}
OWNER = {"roles": ["Owner"], "graph": ["Application.ReadWrite.OwnedBy"]}
"""What whoever deploys may do, unless a project says otherwise."""


@dataclass(frozen=True)
class Project:
    """A folder with a Pulumi.yaml, and what it says about itself.

    Attributes:
        folder: where it is.
        told: the entries under ``[tool.local-azure]``.
        stacks: file by the stack's name.
    """

    folder: Path
    told: dict[str, Any]
    stacks: dict[str, Path]

    @property
    def path(self) -> list[str]:
        """The folders that come before ``PATH``."""
        return [str(self.folder / each) for each in self.told.get("path", [])]

    @property
    def people(self) -> list[str]:
        """The keys of a stack file that list people."""
        return list(self.told.get("people", []))

    def rights(self) -> dict[str, Any]:
        """The roles, and the permissions in Microsoft Graph, that `up` runs with.

        Raises:
            LocalAzureError: the file that tells them does not.
        """
        if "rights" not in self.told:
            return OWNER
        import yaml  # noqa: PLC0415 takes 20 ms, which `--help` has no use for

        try:
            return dict(yaml.safe_load((self.folder / self.told["rights"]).read_text())["up"])
        except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError) as error:
            raise _refused("rights", self.told["rights"], "a YAML file that has `up:`") from error

    def rules(self, stack: str, configured: dict[str, Any]) -> dict[str, dict[str, Any]]:
        """The filters of the event subscriptions that a stack's file asks for.

        Raises:
            LocalAzureError: the project doesn't say how they are read, or the file is refused.
        """
        named = self.told.get("rules", "")
        module, _, function = named.partition(":")
        sys.path.insert(0, str(self.folder))
        try:
            read: Rules = getattr(importlib.import_module(module), function)
        except (ImportError, AttributeError, ValueError) as error:
            accepted = '"<module>:<function>" that can be imported; or give --rules FILE'
            raise _refused("rules", named, accepted) from error
        try:
            return read(stack, configured)
        except ValueError as error:
            raise LocalAzureError(str(error)) from None


def find() -> Path | None:
    """The folder of the project that the working directory is in, or None."""
    here = Path.cwd()
    return next((each for each in (here, *here.parents) if (each / "Pulumi.yaml").is_file()), None)


def locate() -> Project:
    """The project that the working directory is in.

    Raises:
        LocalAzureError: there is none, or its pyproject.toml says what is not known here.
    """
    folder = find()
    if folder is None:
        message = f"{Path.cwd()} is in no Pulumi project: go to a folder that has a Pulumi.yaml."
        raise LocalAzureError(message)
    # A stack's name may have dots.
    stacks = {path.stem.partition(".")[2]: path for path in sorted(folder.glob("Pulumi.*.yaml"))}
    return Project(folder, _told(folder / "pyproject.toml"), stacks)


def _told(settings: Path) -> dict[str, Any]:
    try:
        said = tomllib.loads(settings.read_text()) if settings.is_file() else {}
    except (OSError, ValueError) as error:
        message = f"{settings} is not read: {error}."
        raise LocalAzureError(message) from None
    told: dict[str, Any] = said.get("tool", {}).get("local-azure", {})
    for name, value in told.items():
        if not isinstance(value, _ENTRIES.get(name, ())):
            accepted = "lists path and people, texts rights and rules"
            raise _refused(name, value, accepted)
    return told


def _refused(name: str, found: Any, accepted: str) -> LocalAzureError:
    where = f"pyproject.toml, [tool.local-azure], {name}"
    return LocalAzureError(f"{where}: found {found!r}, accepted: {accepted}.")
