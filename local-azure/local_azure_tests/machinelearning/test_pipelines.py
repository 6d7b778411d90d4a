"""Deployments of a pipeline component: their commands really run, one after another."""

import time
from pathlib import Path
from typing import Any

import pytest

from local_azure.services.machinelearning.pipelines.check import check_literal
from local_azure.services.machinelearning.pipelines.component import ComponentError, Declared
from local_azure.services.machinelearning.pipelines.component_spec import read
from local_azure_tests.core.rest_client import refusal
from local_azure_tests.machinelearning.pipeline_world import (
    PIPELINE,
    PREPARE,
    SCORES,
    binding,
    deploy_pipeline,
    invoke_pipeline,
    redeploy,
    run_deployed,
    run_pipeline,
    steps,
)
from local_azure_tests.machinelearning.world import World

DATA = {"JobInputType": "UriFolder", "Uri": "https://inputs.blob.core.windows.net/inputs/data/"}
STORE = "azureml://datastores/workspaceblobstore/paths"


@pytest.fixture(autouse=True)
def _input(world: World) -> None:
    world.blob("inputs", "inputs", "data/b.txt", b"two")


def _literal(value: Any) -> dict[str, Any]:
    return {"JobInputType": "Literal", "Value": value}


def _scores(world: World, job: dict[str, Any]) -> str:
    """What the last step wrote; KeyError where the job has failed before."""
    return world.content(f"azureml/{job['name']}/scores/scores.txt")


def test_two_steps_run_one_after_the_other_and_the_output_is_written(world: World) -> None:
    job = run_pipeline(world)

    assert (job["status"], job["error"]) == ("Completed", "")
    assert [(step["name"], step["status"]) for step in job["steps"]] == [
        ("prepare", "Completed"),
        ("score", "Completed"),
    ]
    assert _scores(world, job) == "plain ONE; plain TWO"


def test_a_literal_and_an_output_place_are_the_callers_choice(world: World) -> None:
    place = {"JobOutputType": "UriFolder", "Uri": f"{STORE}/chosen"}

    run_pipeline(
        world,
        InputData={"data": DATA, "mode": _literal("loud")},
        OutputData={"scores": place},
    )

    assert world.content("chosen/scores.txt") == "loud ONE; loud TWO"


def test_a_place_that_is_taken_fails_the_job(world: World) -> None:
    world.blob("own", "azureml-blobstore-11111111-2222-3333-4444-555555555555", "full/x", b"x")
    place = {"JobOutputType": "UriFolder", "Uri": f"{STORE}/full"}

    job = run_pipeline(world, OutputData={"scores": place})

    assert "full/x already exists" in job["error"]


@pytest.mark.parametrize("quotes", ["", '"', "'"])
def test_a_hostile_literal_is_one_argument_whatever_it_contains(world: World, quotes: str) -> None:
    value = "so 'so' \"$(touch hacked)\" `x` \\ ; é\n#"
    free = {**SCORES, "inputs": {**SCORES["inputs"], "mode": {"type": "string"}}}
    command = SCORES["command"].replace("${{inputs.mode}}", f"{quotes}${{{{inputs.mode}}}}{quotes}")
    given = {"data": DATA, "mode": _literal(value)}

    job = run_pipeline(world, {"score": {**free, "command": command}}, InputData=given)

    assert _scores(world, job) == f"{value} ONE; {value} TWO"


def test_a_step_that_fails_ends_the_job_with_its_log(world: World) -> None:
    failing = {**PREPARE, "command": "echo no paper >&2; exit 3"}

    job = run_pipeline(world, {"prepare": failing})

    said = "The step 'prepare' ended with exit code 3. Its log ends with: no paper"
    assert (job["status"], job["error"]) == ("Failed", said)
    assert [step["status"] for step in job["steps"]] == ["Failed"]
    assert world.log(job, "user_logs/std_log.txt", "prepare") == "no paper\n"


def test_a_step_that_takes_too_long_fails(world: World) -> None:
    slow = {**steps()["prepare"], "limits": {"timeout": 0.2}}
    pipeline = {**PIPELINE, "jobs": steps(prepare=slow)}
    prepare = {**PREPARE, "command": "sleep 60"}

    job = run_pipeline(world, {"pipeline": pipeline, "prepare": prepare})

    assert job["error"] == "The step 'prepare' took more than 0.2 s."


def test_a_step_that_eats_memory_fails(world: World) -> None:
    job = run_pipeline(world, {"prepare": {**PREPARE, "command": "python -c 'bytes(5 * 2**30)'"}})

    assert job["error"].endswith("Its log ends with: MemoryError")


def test_steps_that_need_no_failed_one_go_on_where_the_deployment_says_so(world: World) -> None:
    alone = {"componentId": "alone:1", "inputs": {"data": binding("${{parent.inputs.data}}")}}
    deploy_pipeline(
        world,
        pipeline={**PIPELINE, "jobs": steps(alone=alone)},
        prepare={**PREPARE, "command": "exit 3"},
        alone=PREPARE,
    )
    redeploy(world, continue_on_step_failure="true")

    job = run_deployed(world)

    found = {step["name"]: step["status"] for step in job["steps"]}
    assert found == {"prepare": "Failed", "alone": "Completed"}


def test_an_optional_part_is_left_out_where_its_input_has_no_value(world: World) -> None:
    command = "echo rate $[[--rate ${{inputs.rate}}]] > ${{outputs.scores}}/scores.txt"
    rate = {"type": "number", "optional": True, "max": 1}
    score = {**SCORES, "command": command, "inputs": {**SCORES["inputs"], "rate": rate}}
    jobs = steps()
    jobs["score"]["inputs"]["rate"] = binding("${{parent.inputs.rate}}")
    pipeline = {**PIPELINE, "inputs": {**PIPELINE["inputs"], "rate": rate}, "jobs": jobs}

    without = run_pipeline(world, {"pipeline": pipeline, "score": score})
    given = run_deployed(world, InputData={"data": DATA, "rate": _literal(0.25)})

    rows = [_scores(world, job) for job in (without, given)]
    assert rows == ["rate\n", "rate --rate 0.25\n"]


def test_a_model_at_an_input_is_a_folder(world: World) -> None:
    model = {"data": {"type": "mlflow_model"}}
    pipeline = {**PIPELINE, "inputs": {**PIPELINE["inputs"], **model}}
    prepare = {**PREPARE, "inputs": model}
    given = {"data": {**DATA, "JobInputType": "MLFlowModel"}}

    job = run_pipeline(world, {"pipeline": pipeline, "prepare": prepare}, InputData=given)

    assert _scores(world, job) == "plain ONE; plain TWO"


def test_a_step_runs_as_azure_ai_ml_registers_it(world: World) -> None:
    jobs = steps()
    jobs["prepare"] |= {
        "limits": {"timeout": "PT1M30S", "job_limits_type": "Command"},
        "outputs": {"prepared": {"mode": "Upload", "job_output_type": "uri_folder"}},
    }
    jobs["score"]["outputs"]["scores"] = {
        "value": "${{parent.outputs.scores}}",
        "type": "literal",
        "mode": "Upload",
    }
    jobs["score"]["inputs"]["data"]["mode"] = "ReadOnlyMount"

    job = run_pipeline(world, {"pipeline": {**PIPELINE, "jobs": jobs}})

    assert _scores(world, job) == "plain ONE; plain TWO"


def test_a_folder_may_hold_folders(world: World) -> None:
    world.blob("inputs", "inputs", "nested/deep/er/c.txt", b"three")
    command = "cat ${{inputs.data}}/deep/er/c.txt > ${{outputs.prepared}}/c.txt"
    given = {"data": {**DATA, "Uri": DATA["Uri"][:-5] + "nested"}}

    job = run_pipeline(world, {"prepare": {**PREPARE, "command": command}}, InputData=given)

    assert _scores(world, job) == "plain three"


def test_a_running_pipeline_can_be_cancelled(world: World, tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    deploy_pipeline(world, prepare={**PREPARE, "command": f"touch '{begun}'; sleep 60"})
    name = invoke_pipeline(world)[1]["name"]
    deadline = time.monotonic() + 60
    while not begun.exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)

    world.running.run(world.azure.machinelearning.cancel(name))

    job = world.end(name)
    assert (job["status"], job["steps"][0]["status"]) == ("Canceled", "Canceled")


@pytest.mark.parametrize(
    ("properties", "said"),
    [
        ({"InputData": {}}, "InputData.data is missing; the pipeline requires it."),
        ({"InputData": {"data": _literal("x")}}, "InputData.data.JobInputType is 'Literal'"),
        (
            {"InputData": {"data": DATA, "mode": DATA}},
            "InputData.mode is a string; accepted: a Literal.",
        ),
        ({"InputData": {"data": DATA, "x": DATA}}, "InputData.x is none of the pipeline's"),
        ({"InputData": {"data": DATA, "mode": _literal([])}}, "Value must be a string, a number"),
        (
            {"InputData": {"data": {**DATA, "JobInputType": "UriFile"}}},
            "is 'UriFile'; accepted: 'UriFolder'",
        ),
        (
            {"OutputData": {"x": {"JobOutputType": "UriFolder", "Uri": f"{STORE}/x"}}},
            "OutputData.x is none of the pipeline's; accepted: scores.",
        ),
        (
            {"OutputData": {"scores": {"JobOutputType": "UriFile", "Uri": f"{STORE}/x"}}},
            "is 'UriFile'; accepted: 'UriFolder'",
        ),
        ({"miniBatchSize": 3}, "properties.miniBatchSize is a setting of model deployments"),
    ],
)
def test_a_call_that_does_not_fit_the_pipeline_makes_no_job(
    world: World, properties: dict[str, Any], said: str
) -> None:
    deploy_pipeline(world)
    before = len(world.history())

    assert said in refusal(invoke_pipeline(world, **properties), 400)
    assert len(world.history()) == before


def test_a_literal_that_the_step_does_not_take_fails_the_step(world: World) -> None:
    job = run_pipeline(world, InputData={"data": DATA, "mode": _literal("silent")})

    said = "jobs.score.inputs.mode: found 'silent'; accepted: plain, loud, so 'so'."
    assert job["error"] == said


@pytest.mark.parametrize("value", ["nan", "inf", "-Infinity", "1_0", "\u0663", "1e999"])
@pytest.mark.parametrize("kind", ["number", "integer"])
def test_a_text_that_json_would_not_take_for_a_number_is_none(value: str, kind: str) -> None:
    with pytest.raises(ComponentError, match="accepted: a value of type"):
        check_literal(value, Declared(kind, least=0, most=20), "inputs.x")


@pytest.mark.parametrize("limit", ["nan", "inf", float("nan")])
def test_a_limit_that_is_no_number_is_refused(limit: Any) -> None:
    port = {"type": "number", "max": limit}
    spec = {"type": "command", "command": "true", "environment": "e", "inputs": {"x": port}}

    with pytest.raises(ComponentError, match="accepted: a number"):
        read(spec)
