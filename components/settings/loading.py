"""The only place where Pulumi's configuration is read."""

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
    namespace = pulumi.get_project()
    everything = {**get_config_env(), **CONFIG.get()}
    names = [name for name in everything if name.startswith(f"{namespace}:")]
    config = {name.removeprefix(f"{namespace}:"): everything[name] for name in names}
    secret = {name.removeprefix(f"{namespace}:") for name in names if is_config_secret(name)}
    environments = {key: everything[key] for key in ENVIRONMENTS if key in everything}
    others, stack = sorted(everything.keys() - names), pulumi.get_stack()
    found = [*outside(namespace, Path(f"Pulumi.{stack}.yaml"))]
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
