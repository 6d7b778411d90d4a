"""The only place where Pulumi's configuration is read."""

import os
from pathlib import Path

import pulumi
from pulumi.runtime.config import CONFIG, get_config_env, is_config_secret

from components.settings.advice import advice
from components.settings.cloud import ENVIRONMENTS
from components.settings.namespaces import outside, unread
from components.settings.problems import SettingsError
from components.settings.reading import read
from components.settings.settings import Settings


def load() -> Settings:
    """The settings of the stack that is being run, with warnings where they deserve some.

    Raises:
        pulumi.RunError: anything is wrong with the configuration; the engine shows its message
            without a traceback.
    """
    namespace, stack = pulumi.get_project(), pulumi.get_stack()
    own = _file(stack)
    everything = {**get_config_env(), **CONFIG.get()}
    names = [name for name in everything if name.startswith(f"{namespace}:")]
    config = {name.removeprefix(f"{namespace}:"): everything[name] for name in names}
    secret = {name.removeprefix(f"{namespace}:") for name in names if is_config_secret(name)}
    environments = {key: everything[key] for key in ENVIRONMENTS if key in everything}
    others = sorted(everything.keys() - names)
    found = [*outside(namespace, own)]
    try:
        settings = read(
            config,
            secret=secret,
            environments=environments,
            others=others,
            namespace=namespace,
            stack=stack,
        )
    except SettingsError as error:
        found += error.problems
    if found:
        raise pulumi.RunError(str(SettingsError(found, stack)))
    for sentence in (*advice(settings), *unread(others)):
        pulumi.warn(sentence)
    return settings


def _file(stack: str) -> Path:
    """The stack's own file, which may not be there.

    Raises:
        pulumi.RunError: it is, and the engine reads another stack's.
    """
    own = Path(f"Pulumi.{stack}.yaml")
    told = Path(os.environ.get("PULUMI_OPTION_CONFIG_FILE", ""))
    if not (own.is_file() and told.match("Pulumi.*.yaml")):  # a file of another name is meant
        return own
    if told.name != own.name:
        message = (
            f"PULUMI_OPTION_CONFIG_FILE of this shell gives the stack {stack!r} the settings of "
            f"{told.name} in place of its own {own}: take a shell that is made for {stack!r}."
        )
        raise pulumi.RunError(message)
    if told.is_file() and told.stat().st_mtime < own.stat().st_mtime:
        pulumi.warn(
            f"{own} is newer than {told}, which PULUMI_OPTION_CONFIG_FILE of this shell has Pulumi "
            f"read in its place: for what was changed in {own} make the shell anew, "
            f'`eval "$(venv/bin/local-azure env --stack {stack})"`.'
        )
    return own
