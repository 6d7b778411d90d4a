"""The rules of a stack's file, tried before anything is deployed."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from components.event_grid.operators import OPERATORS
from components.settings import Settings, read
from local_azure import project
from local_azure.command_line import cli
from local_azure.errors import LocalAzureError
from local_azure.services.eventgrid.filters import EventFilter
from tests.unit.program import run
from tests.unit.sample_event_settings import EVENTS
from tests.unit.sample_settings import changed
from tools.stack_rules import bodies

ML = "Microsoft.MachineLearningServices."
PREFIX = "azureml-batch-events:"
PUBLISHER = {"object_id": "6f2f7a35-5d0e-4b0c-9f6e-2f4f1a9c7d10", "type": "User"}
COMPLETED = {
    "eventType": f"{ML}RunCompleted",
    "subject": "experiments/e/runs/r",
    "data": {"runType": "azureml.PipelineRun"},
}


def _filters(settings: Settings) -> list[EventFilter]:
    return [EventFilter.of(body) for _, _, body in bodies(settings)]


def _rule(name: str, **more: object) -> dict[str, object]:
    destination = {"kind": "webhook", "url": "https://handler.example.com/"}
    return {"name": name, "event_types": ["RunCompleted"], "destination": destination, **more}


_VALUES: dict[tuple[type, ...], Any] = {(bool,): True, (int, float): 1, (str,): "a"}


def _conditions() -> list[dict[str, Any]]:
    """One condition for each operator."""
    found = []
    for operator, operands in OPERATORS.items():
        one = [1, 2] if operands.pairs else _VALUES.get(operands.kinds)
        given = {"value": one, "values": [one]}
        compared = {operands.field: given[operands.field]} if operands.field else {}
        found.append({"operator": operator, "key": "data.a", **compared})
    return found


@pytest.mark.parametrize(
    "settings",
    [
        changed(),
        changed(blob_events={"extension_filter": None, "marker_name": "_SUCCESS"}),
        changed(blob_events={"extension_filter": None}),
        changed(blob_events={"skip_empty_blobs": False}),
        changed(blob_events={"enabled": False}),
        changed(**EVENTS),
        changed(
            workspace_events={
                "rules": [
                    _rule("every-operator", advanced_filters=_conditions()),
                    _rule(
                        "ends",
                        subject_ends_with=":1",
                        subject_case_sensitive=True,
                        advanced_filtering_on_arrays=True,
                    ),
                ]
            }
        ),
    ],
    ids=["files", "markers", "any-file", "empty-file", "no-file", "rules", "operators"],
)
def test_what_is_tried_is_what_the_program_deploys(settings: Settings) -> None:
    deployed = [
        EventFilter.of(each.inputs["filter"]) for each in run(settings).all("EventSubscription")
    ]

    assert sorted(_filters(settings), key=repr) == sorted(deployed, key=repr)


@pytest.mark.parametrize(
    ("file", "data", "starts"),
    [
        ("a.csv", {"api": "PutBlob", "contentLength": 5}, ["file", "file or stub"]),
        ("a.csv", {"api": "PutBlockList", "contentLength": 5}, ["file", "file or stub"]),
        ("a.csv", {"api": "CopyBlob", "contentLength": 5}, ["file", "file or stub"]),
        ("a.csv", {"api": "FlushWithClose", "contentLength": 5}, ["file", "file or stub"]),
        ("a.csv", {"api": "SftpCommit", "contentLength": 5}, ["file", "file or stub"]),
        ("a.csv", {"api": "CallOfTomorrow"}, ["file", "file or stub"]),
        ("a.csv", {"api": "CreateFile", "contentLength": 0}, []),
        ("a.csv", {"api": "SftpCreate", "contentLength": 0}, []),
        ("a.csv", {"api": "SftpWrite", "contentLength": 5}, []),
        ("a.csv", {"api": "PutBlob", "contentLength": 0}, ["file or stub"]),
        ("eu", {"api": "PutBlob", "contentLength": 0}, ["file or stub"]),
        ("eu/_SUCCESS", {"api": "PutBlob", "contentLength": 0}, ["file or stub", "marker"]),
        ("eu/_SUCCESS", {"api": "FlushWithClose", "contentLength": 0}, ["file or stub", "marker"]),
        ("eu/_SUCCESS", {"api": "CreateFile", "contentLength": 0}, []),
    ],
)
def test_a_job_starts_once_for_a_file_that_is_whole(
    file: str, data: dict[str, Any], starts: list[str]
) -> None:
    asked: dict[str, dict[str, Any]] = {
        "file": {},
        "file or stub": {"blob_events": {"skip_empty_blobs": False}},
        "marker": {"blob_events": {"marker_name": "_SUCCESS"}},
    }

    wanting = [name for name, keys in asked.items() if _wants(keys, "BlobCreated", file, data)]

    assert wanting == starts


def _wants(keys: dict[str, Any], kind: str, file: str, data: dict[str, Any]) -> bool:
    """Whether a stack of these keys takes an event of a file in its watched folder."""
    subject = f"/blobServices/default/containers/inputs/blobs/incoming/{file}"
    event = {"eventType": f"Microsoft.Storage.{kind}", "subject": subject, "data": data}
    said = {"location": "westeurope", "publishers": [PUBLISHER], **keys}
    return _filters(read(said))[0].wants(event)


ACCOUNT = (
    f"/subscriptions/{PUBLISHER['object_id']}/resourceGroups/lake/providers"
    "/Microsoft.Storage/storageAccounts/lake"
)
RENAMED = {"blob_events": {"renamed_blobs": True}, "storage": {"existing": ACCOUNT}}


@pytest.mark.parametrize(
    ("keys", "file", "api", "starts"),
    [
        (RENAMED, "a.csv", "RenameFile", True),
        (RENAMED, "a.csv", "SftpRename", True),
        (RENAMED, "folder", "RenameDirectory", False),
        ({}, "a.csv", "RenameFile", False),
    ],
)
def test_a_file_that_is_moved_starts_a_job_where_a_stack_says_so(
    keys: dict[str, Any], file: str, api: str, *, starts: bool
) -> None:
    assert _wants(keys, "BlobRenamed", file, {"api": api}) == starts


@pytest.fixture
def stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Makes the file of the stack ``mine``."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "Pulumi.yaml").write_text("name: mine")
    (tmp_path / "pyproject.toml").write_text(
        '[tool.local-azure]\nrules = "tools.stack_rules:rules_of"'
    )

    def write(**config: object) -> None:
        given = {"location": "westeurope", "publishers": [PUBLISHER], **config}
        said = {f"{PREFIX}{key}": value for key, value in given.items()}
        (tmp_path / "Pulumi.mine.yaml").write_text(yaml.safe_dump({"config": said}))
        (tmp_path / "event.json").write_text(json.dumps(COMPLETED))

    return write


def _try(tmp_path: Path, *options: str) -> int:
    return cli.main(["try", "event", str(tmp_path / "event.json"), "--stack", "mine", *options])


def test_rules_that_are_deployed_nowhere_are_tried(
    stack: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    steps = {"operator": "StringIn", "key": "data.runType", "values": ["azureml.StepRun"]}
    rules = [_rule("runs"), _rule("steps", advanced_filters=[steps])]
    stack(workspace_events={"rules": rules})

    assert _try(tmp_path) == 0
    assert capsys.readouterr().out == (
        f'{ML}RunCompleted "experiments/e/runs/r"\n'
        "  blob-created: does not get it\n"
        f'    topic: eventType is "{ML}RunCompleted", which its source never raises\n'
        "  runs: gets it\n"
        "  steps: does not get it\n"
        '    advancedFilters[0]: data.runType is "azureml.PipelineRun"; '
        'StringIn wants "azureml.StepRun"\n'
    )


def test_a_secret_of_the_stack_is_neither_read_nor_shown(
    stack: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    function = {"kind": "azure_function", "url": "https://f.azurewebsites.net/api/handler"}
    stack(
        workspace_events={"rules": [_rule("by-key", destination=function)]},
        event_secrets={"by-key": {"secure": "v1:CIPHER"}},
    )

    assert _try(tmp_path) == 0
    assert "CIPHER" not in str(capsys.readouterr())


def test_a_secret_that_was_set_in_the_shell_of_env_counts(
    stack: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`pulumi config set` writes there into the copy that is kept beside the state."""
    stack(workspace_events={"rules": [_rule("by-url", destination={"kind": "webhook"})]})
    secrets = {f"{PREFIX}event_secrets": {"by-url": {"secure": "v1:CIPHER"}}}
    copy = tmp_path / "state" / "stacks" / "Pulumi.mine.yaml"
    copy.parent.mkdir(parents=True)
    copy.write_text(yaml.safe_dump({"config": secrets}))
    monkeypatch.setenv("LOCAL_AZURE_HOME", str(tmp_path / "state"))

    assert _try(tmp_path) == 0


def test_what_the_program_would_refuse_is_refused_here(
    stack: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stack(workspace_events={"rules": [_rule("wrong", event_types=["RunEnded"])]})

    assert _try(tmp_path) == 1
    assert "workspace_events.rules[0].event_types" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["yours", "../mine", "", "mi*", "ö"])
def test_a_stack_that_there_is_not_is_refused(
    name: str, stack: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stack()

    assert cli.main(["try", "event", str(tmp_path / "event.json"), f"--stack={name}"]) == 1
    assert capsys.readouterr().err == (
        f"error: There is no Pulumi.{name}.yaml. Accepted stacks: mine; for one more copy "
        "the file of one of them.\n"
    )


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("", "rules: found '', accepted: \"<module>:<function>\" that can be imported; or give"),
        ("rules = 'nowhere:at_all'", "rules: found 'nowhere:at_all'"),
        ("rules = 'json:at_all'", "rules: found 'json:at_all'"),
        ("rule = 'json:loads'", "rule: found 'json:loads', accepted: lists path and people, texts"),
        ("people = 'me'", "people: found 'me'"),
        ("people =", "pyproject.toml is not read"),
    ],
)
def test_what_a_project_says_wrongly_is_told(
    stack: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str], told: str, said: str
) -> None:
    stack()
    (tmp_path / "pyproject.toml").write_text(f"[tool.local-azure]\n{told}")

    assert _try(tmp_path) == 1
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("content", [None, "preview: {}", "[]", "{"])
def test_rights_that_are_not_there_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str | None
) -> None:
    (tmp_path / "Pulumi.yaml").touch()
    (tmp_path / "pyproject.toml").write_text("[tool.local-azure]\nrights = 'rights.yaml'")
    if content is not None:
        (tmp_path / "rights.yaml").write_text(content)
    monkeypatch.chdir(tmp_path)

    with pytest.raises(LocalAzureError, match=r"rights: found .rights\.yaml., accepted: a YAML"):
        project.locate().rights()


def test_outside_of_a_project_there_are_no_stacks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "event.json").write_text(json.dumps(COMPLETED))
    monkeypatch.chdir(tmp_path)

    assert _try(tmp_path) == 1
    assert "go to a folder that has a Pulumi.yaml" in capsys.readouterr().err


def test_somebody_stands_in_for_publishers_as_in_up(stack: Any, tmp_path: Path) -> None:
    stack(workspace_events={"rules": [_rule("runs")]})
    file = tmp_path / "Pulumi.mine.yaml"
    said = yaml.safe_load(file.read_text())
    del said["config"][f"{PREFIX}publishers"]
    file.write_text(yaml.safe_dump(said))
    with (tmp_path / "pyproject.toml").open("a") as settings:
        settings.write(f'\npeople = ["{PREFIX}publishers"]')

    assert _try(tmp_path) == 0
