"""The caller's five steps on the deployed stack: deployed, uploaded, invoked, followed, fetched."""

from pathlib import Path

import pytest

from batch_client.errors import Exit
from local_azure_tests.core.rest_client import Client as Resources
from tests.stack.event_path.client import Client, digits
from tests.stack.event_path.deployed import Deployed
from tests.stack.shell import SAMPLES, SEVEN, sample

READ = [("digit-7.pgm", 7)]
"""What is predicted of the sample."""
ALL = [(f"digit-{digit}.pgm", digit) for digit in range(10)]


@pytest.mark.parametrize("where", [("--stack", "dev"), ("--quiet",)], ids=["named", "selected"])
def test_score_is_all_steps_with_what_pulumi_knows_of_the_stack(
    deployed: Deployed, client: Client, tmp_path: Path, where: tuple[str, ...]
) -> None:
    # Another test of the folder may have selected a stack of its own.
    deployed.pulumi("stack", "select").check_returncode()
    into = tmp_path / "predictions"

    told = client("score", str(SEVEN), "--into", str(into), where=where)

    assert told["job"]["status"] == "Completed"
    assert told["files"] == [str(into / "predictions.csv")]
    assert digits(told) == READ


def test_a_caller_who_publishes_nothing_scores_and_fetches_predictions_and_logs(
    deployed: Deployed, client: Client, tmp_path: Path
) -> None:
    with deployed.one_of("callers"):
        told = client("score", str(SEVEN), "--into", str(tmp_path / "predictions"))
        job = told["job"]["name"]
        logs = client("download", job, "--logs", "--into", str(tmp_path / "logs"))

    assert digits(told) == READ
    assert logs["files"], logs


def test_predictions_are_fetched_by_the_event_that_a_file_raised(
    deployed: Deployed, client: Client, tmp_path: Path
) -> None:
    job = deployed.job_of("incoming/by-event.pgm", sample(7))
    (event,) = deployed.events_for(job["input"])

    by_event = client("download", "--event", event["id"], "--into", str(tmp_path / "of-event"))
    by_name = client("download", job["name"], "--into", str(tmp_path / "of-job"))

    assert digits(by_event) == digits(by_name) == [("by-event.pgm", 7)]


def test_the_steps_one_by_one(client: Client, tmp_path: Path) -> None:
    (uploaded,) = client("upload", str(SAMPLES))["uploads"]
    job = client.invoked(uploaded["url"])
    followed = client("follow", job)
    fetched = client("download", job, "--into", str(tmp_path))

    assert (uploaded["type"], uploaded["files"]) == ("UriFolder", 10)
    assert followed["job"]["status"] == "Completed"
    assert digits(fetched) == ALL


HOSTILE = ['it\'s "seven".pgm', "100% #1 & ?.pgm", "größe 数字 🙂.pgm", "a+b=c;d,e.pgm", "-rf.pgm"]


def test_files_of_any_name_are_scored_under_their_names(client: Client, tmp_path: Path) -> None:
    folder = tmp_path / HOSTILE[0]
    folder.mkdir()
    for name in HOSTILE:
        (folder / name).write_bytes(sample(7))

    told = client("score", "--into", str(tmp_path / "predictions"), str(folder))

    assert digits(told) == [(name, 7) for name in sorted(HOSTILE)]


def test_a_named_output_is_written_and_fetched_there(
    deployed: Deployed, client: Client, tmp_path: Path
) -> None:
    uri = "azureml://datastores/workspaceblobstore/paths/of-a-caller/rows.csv"

    told = client("score", str(SEVEN), "--output", f"score={uri}", "--into", str(tmp_path))

    assert told["files"] == [str(tmp_path / "rows.csv")]
    job = deployed.job(told["job"]["name"])
    assert job["output"].startswith("azureml://subscriptions/")
    assert job["output"].endswith("/datastores/workspaceblobstore/paths/of-a-caller/rows.csv")


def test_a_datastore_path_is_scored_where_it_lies(client: Client, tmp_path: Path) -> None:
    path = client.uploaded(SEVEN, "--to", "lies/here").partition("/inputs/")[2]

    uri = f"azureml://datastores/batch_inputs/paths/{path}"
    told = client("score", uri, "--into", str(tmp_path))

    assert (path, digits(told)) == ("lies/here/digit-7.pgm", READ)


def test_the_deployment_and_settings_are_chosen_for_one_job(client: Client, tmp_path: Path) -> None:
    chosen = ("--deployment", "digits", "--output-file-name", "mine.csv", "--mini-batch-size", "1")

    told = client("score", str(SEVEN), *chosen, "--into", str(tmp_path))

    assert told["files"] == [str(tmp_path / "mine.csv")]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--deployment", "green"), "has no deployment 'green'"),
        (("--instance-count", "99"), "asks for 99 instances"),
        (("--literal", "mode=append"), "exactly one input; found 2"),
    ],
)
def test_what_the_endpoint_refuses_is_told_in_its_words(
    client: Client, arguments: tuple[str, ...], sentence: str
) -> None:
    told = client("invoke", "https://a.blob.core.windows.net/inputs/a.pgm", *arguments)

    assert told["exit"] == Exit.ERROR
    assert sentence in told["error"]


def test_a_repeat_by_name_starts_no_second_job(deployed: Deployed, client: Client) -> None:
    url = client.uploaded(SEVEN)

    first = client.invoked(url, "--name", "only-once")
    second = client("invoke", url, "--name", "only-once")

    assert "no second one was started" in second["error"]
    assert [job["name"] for job in deployed.jobs_for([url])] == [first] == ["only-once"]


def test_what_is_dropped_in_the_watched_folder_starts_a_job(
    deployed: Deployed, client: Client
) -> None:
    (job,) = deployed.await_jobs([client.uploaded(SEVEN, "--watched")])

    assert job["status"] == "Completed"


def test_an_unknown_stack_is_told_in_pulumis_words(client: Client) -> None:
    told = client("follow", "x", where=("--stack", "no-such-stack"))

    assert "no stack named 'no-such-stack' found" in told["error"]


def registered(deployed: Deployed, name: str, place: str) -> None:
    """Have a folder registered as data, version 1."""
    path = f"{deployed.outputs['workspace_id']}/data/{name}/versions/1"
    body = {"properties": {"dataType": "uri_folder", "dataUri": place}}
    status, told = Resources(deployed.running).ask(path, "2025-12-01", "PUT", body)
    assert status in {200, 201}, told


def test_registered_data_is_scored_by_its_name(
    deployed: Deployed, client: Client, tmp_path: Path
) -> None:
    registered(deployed, "digits", client.uploaded(SAMPLES))

    told = client("score", "azureml:digits", "--into", str(tmp_path / "latest"))
    with deployed.one_of("callers"):
        where = ("--type", "UriFolder", "--into", str(tmp_path / "first"))
        by_caller = client("score", "azureml:digits:1", *where)
        refused = client("score", "azureml:digits")

    assert digits(told) == digits(by_caller) == ALL
    assert "You may not look the data asset up" in refused["error"]
