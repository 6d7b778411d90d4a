"""Stacks on the embedded Azure: the environment's own stack file, with secrets of this place.

A stack file of a real environment names that environment's secrets provider, and Pulumi writes its
own salt into the file that it works with. So Pulumi works with a copy in the state folder, made
anew before each command. A value that is a secret there can't be decrypted here: it is set once in
the copy, and kept, named by the file or not. People have ids of their own tenant, so a file that is
for everybody leaves them out: the copy names somebody of this one. It also says whom the providers
act as: whose credential the shell gets.
"""

import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from local_azure import project
from local_azure.commands import environment
from local_azure.commands.console_client import Console
from local_azure.control_plane import strict_yaml
from local_azure.errors import LocalAzureError
from local_azure.home import Home, write_private
from local_azure.project import Project

_SECRETS_PROVIDER = ("encryptionsalt", "encryptedkey", "secretsprovider")
_CONFIRM = {
    "preview": [],
    "up": ["--yes", "--skip-preview"],
    "refresh": ["--yes", "--skip-preview"],
    # Its preview alone refuses what is protected before anything is deleted.
    "destroy": ["--yes"],
}
_ABSENT = object()
_SIGNED_IN = "azure-native:clientId"
SOMEBODY = {"object_id": "9b110000-0000-4000-8000-000000009b11", "type": "User"}
"""Who stands in where nobody is named."""


def prepare(home: Home, told: Mapping[str, Any], stack: str) -> dict[str, str]:
    """Make the stack if there is none yet, and return the variables that a shell needs for it.

    Args:
        home: the state folder.
        told: what the running server tells.
        stack: name of the stack; ``Pulumi.<stack>.yaml`` is its file.

    Raises:
        LocalAzureError: no such file, one that is no stack file, no Pulumi CLI.
    """
    here = project.locate()
    before = (_before(home, _source(here, stack)).get("config") or {}).get(_SIGNED_IN)
    copy = _copy(home, here, stack)
    variables = {
        **environment.for_clients(home, told),
        **environment.for_pulumi(home, told, here),
        "PULUMI_OPTION_CONFIG_FILE": str(copy),
        **_sign_in(Console.at(home, told), here, copy, before),
    }
    pulumi = cli(variables)
    _make_stack(pulumi, here.folder, copy, stack, variables)
    return variables


def run(
    home: Home,
    told: Mapping[str, Any],
    stack: str,
    operation: str,
    arguments: Sequence[str],
    inside: str = "",
) -> int:
    """Run ``pulumi preview|up|refresh|destroy`` on a stack and return its exit code.

    Ctrl-C is Pulumi's to answer: it ends what it has begun, and writes its state, before it goes.
    ``inside`` names the virtual network that it is run in; empty for outside.
    """
    if inside:
        environment.check_network(Console.at(home, told), inside)
    variables = environment.inside(prepare(home, told, stack), inside)
    command = [cli(variables), operation, "--stack", stack, *_CONFIRM[operation], *arguments]
    # a handler, not SIG_IGN, which Pulumi would inherit; with none Python kills Pulumi in 0.25 s
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        return subprocess.run(
            command, cwd=project.locate().folder, env=environment.of_process(variables), check=False
        ).returncode
    finally:
        signal.signal(signal.SIGINT, before)


def configuration(home: Home, stack: str) -> dict[str, Any]:
    """What a stack's file configures here, its secrets as they are encrypted, those set here too.

    Raises:
        LocalAzureError: no such file, or one that is no stack file.
    """
    here = project.locate()
    source = _source(here, stack)
    set_here = _here({}, _before(home, source).get("config") or {})
    said = {"config": _together(_read(source).get("config") or {}, set_here)}
    config: dict[str, Any] = _peopled(said, here.people)["config"]
    return config


def _together(first: Any, second: Any) -> Any:
    """What both say, the first one where they say the same thing otherwise."""
    if not (_is_mapping(first) and _is_mapping(second)):
        return first
    return {**second, **{key: _together(said, second.get(key)) for key, said in first.items()}}


def _before(home: Home, source: Path) -> dict[str, Any]:
    """The copy of a stack's file that is kept here, with the secrets that were set here."""
    copy = home.folder / "stacks" / source.name
    return (yaml.safe_load(copy.read_text()) if copy.exists() else None) or {}


def _source(here: Project, stack: str) -> Path:
    if stack not in here.stacks:
        message = (
            f"There is no Pulumi.{stack}.yaml. Accepted stacks: {', '.join(here.stacks)}; for one "
            "more copy the file of one of them."
        )
        raise LocalAzureError(message)
    return here.stacks[stack]


def _copy(home: Home, here: Project, stack: str) -> Path:
    source = _source(here, stack)
    folder = home.folder / "stacks"
    folder.mkdir(mode=0o700, exist_ok=True)
    shutil.copy(here.folder / "Pulumi.yaml", folder)
    copy = folder / source.name
    merged = _merged(_read(source), _before(home, source))
    write_private(copy, yaml.safe_dump(_peopled(merged, here.people)))
    return copy


def _read(source: Path) -> dict[str, Any]:
    """What a stack file says; the program judges the values, so only its shape is judged here."""
    try:
        said = strict_yaml.read(source.read_text(encoding="utf-8")) or {}
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise LocalAzureError(f"{source.name} is not YAML: {error}") from None
    if not isinstance(said, dict) or not isinstance(said.get("config") or {}, dict):
        message = f"{source.name} has to be a mapping; `config:` holds `<key>: <value>` lines."
        raise LocalAzureError(message)
    return said


def _merged(theirs: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    """The environment's stack file with this place's secrets provider and secret values."""
    merged = {key: value for key, value in theirs.items() if key not in _SECRETS_PROVIDER}
    merged |= {key: before[key] for key in _SECRETS_PROVIDER if key in before}
    here = _here(theirs.get("config") or {}, before.get("config") or {})
    merged["config"] = {} if here is _ABSENT else here
    return merged


def _here(theirs: Any, ours: Any) -> Any:
    """Theirs with the secrets that were set here, also those that theirs does not have."""
    if _is_mapping(theirs) or (theirs is _ABSENT and _is_mapping(ours)):
        said, own = (each if _is_mapping(each) else {} for each in (theirs, ours))
        values = {
            key: _here(said.get(key, _ABSENT), own.get(key, _ABSENT))
            for key in dict.fromkeys([*said, *own])
        }
        found = {key: value for key, value in values.items() if value is not _ABSENT}
        return found if found or theirs == {} else _ABSENT
    if theirs is _ABSENT:
        return ours if isinstance(ours, dict) else _ABSENT
    return ours if _is_secret(theirs) else theirs


def _is_mapping(value: Any) -> bool:
    return isinstance(value, dict) and set(value) != {"secure"}


def _peopled(said: dict[str, Any], people: Sequence[str]) -> dict[str, Any]:
    """A stack file with somebody under each key that lists people, unless it names some itself."""
    somebody: dict[str, Any] = {key: [SOMEBODY] for key in people}
    return {**said, "config": {**somebody, **said["config"]}}


def _is_secret(value: Any) -> bool:
    """Whether a value is encrypted, or something in it is."""
    if isinstance(value, dict):
        return set(value) == {"secure"} or any(map(_is_secret, value.values()))
    return isinstance(value, list) and any(map(_is_secret, value))


def _sign_in(console: Console, here: Project, copy: Path, before: str | None) -> dict[str, str]:
    """The shell's credential; whoever it is runs `up`, in the stack's copy as well."""
    said = yaml.safe_load(copy.read_text())
    variables = _credential(console, here, said["config"], before)
    said["config"] |= dict.fromkeys((_SIGNED_IN, "azuread:clientId"), variables["AZURE_CLIENT_ID"])
    write_private(copy, yaml.safe_dump(said))
    return variables


def _credential(
    console: Console, here: Project, config: Mapping[str, Any], before: str | None = None
) -> dict[str, str]:
    """The credential of the first person whom the stack file lists.

    Everybody whom it names exists here from now on, as they do in the environment's own tenant.
    The first one may do in the subscription what `up` is documented to need, and nothing else; who
    was the first one ``before`` goes on to, because a `destroy` acts as who ran the last `up`.
    Who is misshapen is passed over: the program tells that, together with all else that is wrong.
    """
    named = [config.get(key) for key in here.people]
    people = [
        person for group in named if isinstance(group, list) for person in group if _is_one(person)
    ] or [SOMEBODY]
    first = people[0]["object_id"].lower()
    others = [person for person in people if person["object_id"].lower() != first]
    return environment.credential(
        console, {**people[0], **here.rights(), "successor_of": before}, *others
    )


def _is_one(person: Any) -> bool:
    return isinstance(person, dict) and all(
        isinstance(person.get(key), str) for key in ("object_id", "type")
    )


def cli(variables: Mapping[str, str]) -> str:
    """The Pulumi CLI that these variables lead to.

    Raises:
        LocalAzureError: there is none.
    """
    found = shutil.which("pulumi", path=variables["PATH"])
    if found is None:
        message = (
            "The Pulumi CLI is missing: it has to be on PATH, or in a folder that `path` names "
            "under [tool.local-azure] in pyproject.toml."
        )
        raise LocalAzureError(message)
    return found


def _make_stack(
    pulumi: str, folder: Path, copy: Path, stack: str, variables: Mapping[str, str]
) -> None:
    """Create the stack in the copy's folder, so that its salt lands there, and select it here."""
    env = environment.of_process(variables)
    del env["PULUMI_OPTION_CONFIG_FILE"]
    made = copy.with_suffix(".made")
    if not made.exists():
        # Somebody may have made it by `stack init`, in a shell that is another stack's.
        _quietly([pulumi, "stack", "select", "--create", stack], copy.parent, env)
        made.touch()
    _quietly([pulumi, "stack", "select", stack], folder, env)


def _quietly(command: list[str], folder: Path, env: dict[str, str]) -> None:
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        message = f"`{' '.join(command[1:])}` failed: {done.stderr.strip() or done.stdout.strip()}"
        raise LocalAzureError(message)
