"""The Pulumi project whose stacks are brought up: the nearest folder upwards with a Pulumi.yaml.

Its pyproject.toml says under ``[tool.local-azure]`` what the embedded Azure has to know of it:

``path``: folders that come before ``PATH``, such as that of a Pulumi CLI of its own.
``people``: keys of a stack file that list people (``object_id``, ``type``). The first one of them
runs `up`; where it names nobody, somebody of this tenant stands in.
``rights``: a YAML file; its ``up`` says with which ``roles`` and ``graph`` permissions `up` runs
(without the file: Owner, and owned applications).
``rules``: ``module:function`` that takes a stack's name and what its file configures, and gives the
filters of its event subscriptions by name, for ``try-event --stack``.
"""

from __future__ import annotations

import importlib
import sys
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from local_azure.errors import LocalAzureError

if TYPE_CHECKING:
    from collections.abc import Callable

    Rules = Callable[[str, dict[str, Any]], dict[str, dict[str, Any]]]

_DEPLOYER = {"roles": ["Owner"], "graph": ["Application.ReadWrite.OwnedBy"]}


@dataclass(frozen=True)
class Project:
    """A folder with a Pulumi.yaml, and what it says about itself."""

    folder: Path
    path: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    documented: str = ""
    rules_of: str = ""
    stacks: dict[str, Path] = field(default_factory=dict)
    """File by the stack's name."""

    def rights(self, use: str) -> dict[str, Any]:
        """The roles and permissions in Microsoft Graph that a use is documented with."""
        if not self.documented:
            return dict(_DEPLOYER)
        return dict(yaml.safe_load((self.folder / self.documented).read_text())[use])

    def rules(self, stack: str, configured: dict[str, Any]) -> dict[str, dict[str, Any]]:
        """The filters of the event subscriptions that a stack's file asks for.

        Raises:
            LocalAzureError: the project doesn't say how they are read, or the file is refused.
        """
        if not self.rules_of:
            message = (
                "This project doesn't say how its stack files become rules: name the function as "
                '`rules = "<module>:<function>"` under [tool.local-azure] in pyproject.toml, or '
                "give --rules FILE."
            )
            raise LocalAzureError(message)
        module, _, name = self.rules_of.partition(":")
        sys.path.insert(0, str(self.folder))
        read: Rules = getattr(importlib.import_module(module), name)
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
        LocalAzureError: there is none.
    """
    folder = find()
    if folder is None:
        message = f"{Path.cwd()} is in no Pulumi project: go to a folder that has a Pulumi.yaml."
        raise LocalAzureError(message)
    settings = folder / "pyproject.toml"
    said = tomllib.loads(settings.read_text()) if settings.is_file() else {}
    told = said.get("tool", {}).get("local-azure", {})
    return Project(
        folder,
        tuple(told.get("path", ())),
        tuple(told.get("people", ())),
        told.get("rights", ""),
        told.get("rules", ""),
        {path.name.split(".")[1]: path for path in sorted(folder.glob("Pulumi.*.yaml"))},
    )
