"""What the commands say to mistakes: one line that names it, never a traceback."""

from pathlib import Path

import pytest

from local_azure import project
from local_azure.commands import environment, stacks
from local_azure.errors import LocalAzureError
from local_azure.home import Home
from local_azure_tests.conftest import Invoke, saved

NO_MAPPING = r"^Pulumi\.dev\.yaml has to be a mapping"
BOMB = "\n  a0: &a0 [x, x]" + "".join(
    f"\n  a{level}: &a{level} [*a{level - 1}, *a{level - 1}]" for level in range(1, 40)
)
"""Forty lines that aliases make a million million values of."""
ALIAS = r"(?s)alias \*. stands in what it .*line 2"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        *((text, NO_MAPPING) for text in ("- a\n", "config: [a]\n", "config: text\n")),
        ("config: [a\n", r"(?s)^Pulumi\.dev\.yaml is not YAML: .*line 1"),
        ("config:\n  p:max_nodes: 3\n  p:max_nodes: 5\n", "'p:max_nodes' of line 2 stands again"),
        ("config:\n  p:deployments:\n    - { name: a, name: b }\n", "'name' of line 3 stands"),
        (f"config: {BOMB}", "with what its aliases stand for it has more than 100000 nodes"),
        *((text, ALIAS) for text in ("config: &a\n  p:x: [*a]\n", "config:\n  p:x: &b [[*b]]\n")),
    ],
)
def test_a_stack_file_that_can_not_be_read_is_refused_with_its_line(
    tmp_path: Path, text: str, told: str
) -> None:
    with pytest.raises(LocalAzureError, match=told):
        stacks._read(saved(tmp_path, text, "Pulumi.dev.yaml"))


def test_an_alias_beside_what_it_stands_for_is_read(tmp_path: Path) -> None:
    file = saved(tmp_path, "config:\n  p:x: &a [1]\n  p:y: [*a, *a]\n", "Pulumi.dev.yaml")

    assert stacks._read(file)["config"]["p:y"] == [[1], [1]]


def test_a_key_that_a_merge_brings_may_be_given_another_value(tmp_path: Path) -> None:
    text = "config:\n  p:x: &x {<<: {a: 1, b: 1}, b: 2}\ntop: {<<: *x}\n"
    file = saved(tmp_path, text, "Pulumi.dev.yaml")

    assert stacks._read(file)["config"]["p:x"] == {"a": 1, "b": 2}


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        *(
            ([*command.split(), odd], 2, "is no text; accepted: UTF-8")
            for command in ("lint", "show messages", "env --stack")
            for odd in ("\udcff", "a\x00b", "\ud800.json")
        ),
        (["try", "scoring", "x" * 5000, "file"], 1, "error: File name too long"),
    ],
)
def test_an_argument_that_nothing_can_be_made_of_is_refused_in_one_line(
    arguments: list[str], code: int, said: str, invoke: Invoke
) -> None:
    ended, _, told = invoke(*arguments)
    assert said in told
    assert (ended, told.count("\n")) == (code, 1)


@pytest.mark.parametrize(
    "command",
    ["try event", "try expressions", "lint", "try pipeline", "try workflow --event x"],
)
@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b'{"name": "\\ud800", "properties": {}}', "surrogates not allowed"),
        (b'{"name": "\xff"}', "invalid start byte"),
        (b'{"a": ' + b"[" * 5000 + b"]" * 5000 + b"}", "nested more than 100 deep"),
    ],
    ids=["half a character", "no UTF-8", "a deep one"],
)
def test_a_file_that_is_no_json_is_told_in_one_line(
    command: str, text: bytes, why: str, tmp_path: Path, invoke: Invoke
) -> None:
    file = tmp_path / "a.json"
    file.write_bytes(text)

    code, _, told = invoke(*command.split(), file)
    assert why in told
    assert (code, told.count("\n")) == (1, 1)


@pytest.mark.parametrize("person", [1, "me", {"object_id": 3}, {"type": "User"}])
def test_a_misshapen_person_is_left_to_the_program_to_tell(person: object) -> None:
    assert not stacks._is_one(person)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("fault add h --drop x", "'--drop': found x, accepted: 'request', 'answer'."),
        ("fault add h --times x", "'--times': found x, accepted: a valid integer."),
        ("show runs --state x", "'--state': found x, accepted: 'done', 'failed', 'unwanted', 'un"),
        ("try pipeline f --as x", "'--as': found x, accepted: a valid UUID."),
        ("stack up dev", "found dev; a stack's name stands after --stack."),
        ("clock advance -- -5", "'seconds': found -5, accepted: greater than or equal to 0."),
        ("clock advance -- soon", "'seconds': found soon, accepted: a valid number."),
        *(
            (f"clock advance -- {far}", f"found {far}, accepted: less than or equal to 315360000.")
            for far in ("nan", "inf", "1e12")
        ),
    ],
)
def test_a_value_that_does_not_fit_is_told_with_what_is_accepted(
    arguments: str, said: str, invoke: Invoke
) -> None:
    code, _, told = invoke(*arguments.split())
    assert (code, said in told, told.count("\n")) == (2, True, 1), told


@pytest.mark.parametrize(
    "command", ["show runs", "show messages a/b", "show mail", "show dispatches"]
)
@pytest.mark.parametrize("limit", ["-1", "0", "1.5", "many", "9" * 20])
def test_less_than_one_entry_is_not_asked_for(command: str, limit: str, invoke: Invoke) -> None:
    code, _, told = invoke(*command.split(), f"--limit={limit}")
    assert told.startswith("error: Invalid value for '--limit'")
    assert (code, limit in told) == (2, True)


@pytest.mark.parametrize("command", ["try event", "try expressions", "lint", "try pipeline"])
def test_a_file_that_is_missing_is_told_once_and_without_a_number(
    command: str, tmp_path: Path, invoke: Invoke
) -> None:
    code, _, told = invoke(*command.split(), tmp_path / "none.json")
    assert (code, told.count("none.json"), "[Errno" in told) == (1, 1, False), told


def test_a_state_folder_that_is_a_file_is_told_with_the_variable_to_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, invoke: Invoke
) -> None:
    file = saved(tmp_path, "")
    monkeypatch.setenv("LOCAL_AZURE_HOME", str(file))

    told = f"error: The state folder {file} can't be used (File exists). "
    assert invoke("status") == (1, "", f"{told}Name another in LOCAL_AZURE_HOME.\n")


def test_a_passphrase_or_stack_of_the_shell_overrules_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "another")
    monkeypatch.setenv("PULUMI_STACK", "prod")

    told = environment.of_process({"A": "b c"})

    assert {"PULUMI_CONFIG_PASSPHRASE", "PULUMI_STACK"} & set(told) == set()
    assert environment.exports({"A": "b c"}) == (
        "unset PULUMI_CONFIG_PASSPHRASE PULUMI_STACK ARM_CLIENT_ID ARM_TENANT_ID\nexport A='b c'"
    )


def test_a_shell_for_real_plug_ins_has_none_of_ours() -> None:
    names = ("CLIENT_ID", "CLIENT_SECRET", "TENANT_ID", "SUBSCRIPTION_ID")
    credential = {f"AZURE_{name}": name.lower() for name in names}
    ours = {"PULUMI_DEBUG_PROVIDERS": "azure-native:1", "PULUMI_HOME": "/here"}
    told = environment.for_real_providers({**ours, **credential})

    assert (
        environment.exports({k: told[k] for k in told if k.startswith("ARM_")})
        == """\
unset PULUMI_CONFIG_PASSPHRASE PULUMI_STACK ARM_CLIENT_ID ARM_TENANT_ID PULUMI_DEBUG_PROVIDERS
export ARM_CLIENT_ID=client_id
export ARM_CLIENT_SECRET=client_secret
export ARM_TENANT_ID=tenant_id
export ARM_SUBSCRIPTION_ID=subscription_id
export ARM_ENVIRONMENT=public
export ARM_METADATA_HOSTNAME=management.azure.com"""
    )
    assert not set(ours) & set(told)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project, in which the command is given."""
    (tmp_path / "Pulumi.yaml").touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_stack_s_name_may_have_dots(folder: Path) -> None:
    file = folder / "Pulumi.test.west.yaml"
    file.touch()

    assert project.locate().stacks == {"test.west": file}


def test_a_passphrase_that_was_emptied_is_told_with_what_to_do(folder: Path) -> None:
    (folder / "passphrase.secret").touch()
    ports = dict.fromkeys((*environment._PROVIDERS, "proxy"), 1)

    with pytest.raises(
        LocalAzureError, match=r"passphrase\.secret is empty.*put a copy of it back"
    ):
        environment.for_pulumi(Home(folder), {"ports": ports}, project.locate())
