"""What a batch endpoint refuses, before any job is made."""

import io
from typing import Any

import pytest

from local_azure.control_plane.tenant import SUBSCRIPTION_ID
from local_azure_tests.core.rest_client import code
from local_azure_tests.machinelearning.world import FILE, HOST, WORKSPACE, World

INPUT = {"JobInputType": "UriFile", "Uri": FILE}
STORE = "azureml://datastores/workspaceblobstore/paths"
LONG = "azureml://subscriptions/{}/resourcegroups/rg/workspaces/{}/datastores/{}"
DATA = "model deployments take UriFile and UriFolder"
MODEL = {"jobInputType": "MLFlowModel", "uri": f"{STORE}/model"}


def _message(world: World, body: Any, status: int = 400, **named: Any) -> str:
    before = len(world.history())
    found, told = world.request("POST", "/jobs", body, **named)
    keys = {"code", "message", "details", "additionalInfo"}
    assert (found, set(told["error"])) == (status, keys), told
    assert len(world.history()) == before
    return str(told["error"]["message"])


def _with(**properties: Any) -> dict[str, Any]:
    return {"properties": {"InputData": {"in": INPUT}, **properties}}


def _given(**inputs: Any) -> dict[str, Any]:
    return {"properties": {"InputData": inputs}}


def _into(*uris: str, kind: str = "UriFile") -> dict[str, Any]:
    return _with(OutputData={uri[-1:]: {"JobOutputType": kind, "Uri": uri} for uri in uris})


def test_a_token_of_another_cloud_is_of_the_wrong_audience(world: World) -> None:
    message = _message(world, _with(), 401, audience="https://ml.azure.cn")

    assert "accepted 'https://ml.azure.com'" in message


def test_an_endpoint_without_a_default_needs_the_header(world: World) -> None:
    world.endpoint(default=None)
    try:
        message = _message(world, _with(), 404)
    finally:
        world.endpoint(default="blue")

    assert message.startswith("No valid deployments to route to.")


def test_an_unknown_deployment_is_named(world: World) -> None:
    message = _message(world, _with(), 404, headers={"azureml-model-deployment": "green"})

    assert "'digits' has no deployment 'green'" in message


@pytest.mark.parametrize(
    "host",
    ["other.westeurope.inference.ml.azure.com", "digits.northeurope.inference.ml.azure.com"],
)
def test_an_endpoint_answers_in_its_own_region_only(world: World, host: str) -> None:
    assert "There is no batch endpoint" in _message(world, _with(), 404, host=host)


def test_what_the_host_does_not_have_is_not_emulated(world: World) -> None:
    assert code(world.request("POST", "/score", {})) == (501, "NotEmulated")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (None, "has no body"),
        (b"   ", "has no body"),
        (b"{", "no JSON"),
        (b'{"properties": {"tags": 1e999}}', "no JSON"),
        ([], "the body must be an object; found []"),
        ({}, "has no 'properties'"),
        ({"properties": None}, "properties must be an object; found null"),
        ({"properties": {}}, "exactly one input; found 0"),
        (_given(), "exactly one input; found 0"),
        (_given(a=INPUT, b=INPUT), "exactly one input; found 2"),
        (_given(a="x"), "InputData.a must be an object"),
        (_given(a={"Uri": FILE}), "JobInputType is ''; accepted"),
        (_given(a={"JobInputType": "UriFile"}), "has no 'Uri'"),
        (_given(a={"JobInputType": "UriFile", "Uri": 7}), "must be a string; found 7"),
        (_given(a={"JobInputType": "Literal", "Value": "x"}), "model deployments take data only"),
        (_given(a={**INPUT, "JobInputType": "MLTable"}), f"of type MLTable; {DATA}"),
        (_given(a={**INPUT, "Mode": "Download"}), "unknown key 'Mode'"),
        (_given(a={**MODEL, "mode": "ro_mount"}), f"of type MLFlowModel; {DATA}"),
        (_with(inputData={"in": INPUT}), "has 'inputData' twice"),
        (_with(displayName="x"), "unknown key 'displayName'"),
        (_with(tags={"a": 1}), "properties.tags.a must be a string; found 1"),
        (_with(miniBatchSize=0), "properties.miniBatchSize is 0; accepted: 1 or more"),
        (_with(miniBatchSize=True), "must be a whole number; found true"),
        (_with(errorThreshold=-2), "accepted: -1 or more"),
        (_with(loggingLevel="Loud"), "accepted: Info, Warning, Debug"),
        (_with(outputFileName="../x"), "accepted: a file's name"),
        (_with(name="a b"), "properties.name is 'a b'"),
        (_with(retrySettings={"timeout": "30"}), "no ISO 8601 duration"),
        (_with(compute={"instanceCount": 9}), "asks for 9 instances"),
        (_with(compute={"isLocal": 1}), "isLocal must be true or false; found 1"),
        (_with(dataset=True), "must be a string or an object; found true"),
        (_into(f"{STORE}/a", f"{STORE}/b"), "exactly one output; found 2"),
        (_into("x", kind="Literal"), "JobOutputType is 'Literal'"),
        (_into(FILE), "No other store can be written to"),
        (_into("abfss://i@inputs.dfs.core.windows.net/x"), "No other store can be written to"),
        (_into(f"{STORE}/folder/"), "a path that does not exist yet"),
        (_into(f"{STORE}/", kind="UriFolder"), "names no path"),
        (_into(f"{STORE}/new/", kind="UriFolder"), "Job output type must be 'uri_file'"),
    ],
)
def test_a_wrong_body_gets_one_clear_sentence(world: World, body: Any, said: str) -> None:
    assert said in _message(world, body)


@pytest.mark.parametrize(
    ("uri", "status", "said"),
    [
        ("azureml://datastores/none/paths/x", 400, "no datastore 'none'; it has: workspaceblobsto"),
        ("azureml://datastores/batch_inputs", 400, "is not supported; accepted: an https URL"),
        ("http://inputs.blob.core.windows.net/inputs/x", 400, "is not supported; accepted"),
        ("https://example.com/x", 400, "is not supported; accepted"),
        ("https://inputs.blob.core.windows.net/inputs", 400, "is not supported; accepted"),
        (f"{FILE}?sv=2024&sig=x", 400, "has a query or a fragment"),
        ("https://inputs.blob.core.windows.net/inputs/a#b", 400, "has a query or a fragment"),
        ("https://inputs.blob.core.windows.net/inputs/%ff", 400, "is no URL"),
        ("/home/somebody/x", 400, "is not supported; accepted"),
        (LONG.format("s", "other", "d/paths/x"), 400, "names another workspace"),
        # The form that the documentation has wrong is answered with the right one.
        (
            f"azureml:{WORKSPACE}/datastores/batch_inputs/paths/data/a.txt",
            400,
            f"Write '{LONG.format(SUBSCRIPTION_ID, 'ws', 'batch_inputs/paths/data/a.txt')}'",
        ),
        # What batch endpoints read beside blobs.
        ("azureml:heart:1", 501, "This name of an asset"),
        ("azureml:heart@latest", 501, "This name of an asset"),
        ("azureml://locations/x/workspaces/ws/data/heart/versions/1", 501, "This name of an asset"),
        ("azureml://registries/r/data/heart/versions/1", 501, "This name of an asset"),
        ("wasbs://inputs@inputs.blob.core.windows.net/x", 501, "Other stores"),
        ("abfs://inputs@inputs.dfs.core.windows.net/x", 501, "Other stores"),
        ("abfss://inputs@inputs.blob.core.windows.net/x", 501, "Other stores"),
    ],
)
def test_a_uri_of_another_form_is_refused(world: World, uri: str, status: int, said: str) -> None:
    assert said in _message(world, _given(a={**INPUT, "Uri": uri}), status)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"compute": {"isLocal": False, "target": "cpu", "instanceCount": 1}}, "compute.target"),
        ({"compute": {"isLocal": True, "instanceType": "Standard_D3"}}, "compute.instanceType"),
        ({"compute": {"isLocal": True, "location": "x"}}, "compute.location"),
        ({"compute": {"isLocal": True, "properties": {"a": "1"}}}, "compute.properties"),
        ({"dataset": "azureml:x:1"}, "properties.dataset"),
        ({"dataset": {"dataInputType": "DataUrl", "Path": FILE}}, "properties.dataset"),
        ({"outputDataset": {"datastoreId": "d", "path": "p"}}, "properties.outputDataset"),
        ({"outputData": {"a": {"jobOutputType": "UriFile"}}}, "without a 'Uri'"),
    ],
)
def test_what_clients_may_send_and_is_not_emulated_says_so(
    world: World, more: dict[str, Any], said: str
) -> None:
    told = _message(world, _with(**more), 501)

    assert said in told
    assert "is not emulated" in told


@pytest.mark.parametrize(
    "more",
    [
        {"compute": {"isLocal": True, "instanceCount": 1}, "miniBatchSize": 20},
        {"compute": {"isLocal": True}},
        {"retrySettings": {"maxRetries": 3, "timeout": "PT30S"}},
        {"errorThreshold": 3, "outputFileName": "rows.csv"},
        {"outputData": {"a": {"jobOutputType": "UriFile", "mode": "upload", "uri": f"{STORE}/m"}}},
        {"properties": {"experimentName": "tries"}},
    ],
    ids=str,
)
def test_what_azure_ai_ml_sends_starts_a_job(world: World, more: dict[str, Any]) -> None:
    """Bodies that BatchJobSchema of azure-ai-ml 1.35.2 makes of `params_override`."""
    file = {"jobInputType": "UriFile", "uri": FILE}
    body = {"properties": {"inputData": {"UriFile": file}, **more}}

    assert world.request("POST", "/jobs", body)[0] == 201


def test_a_body_of_two_mebibytes_is_too_large(world: World) -> None:
    assert "larger than 1048576 bytes" in _message(world, io.BytesIO(b" " * 2 * 1024 * 1024), 413)


def test_a_form_is_no_json(world: World) -> None:
    form = {"content-type": "application/x-www-form-urlencoded"}

    assert "accepted: 'application/json'" in _message(world, b"a=b", 415, headers=form)


def test_a_job_of_nobody_is_not_found_with_the_code_innermost(world: World) -> None:
    status, told, headers = world.exchange("GET", "/jobs/nothing")

    # What else there is was recorded of an endpoint that does not exist.
    *_, inner = told["error"].pop("additionalInfo")
    message = "The batch endpoint 'digits' has no job 'nothing'."
    assert (status, headers["x-ms-response-type"]) == (404, "error")
    assert told == {"error": {"code": "UserError", "message": message, "details": []}}
    assert inner["info"]["value"] == {
        "code": "NotFound",
        "innerError": {"code": "JobNotFound", "innerError": None},
    }


def test_a_deployment_without_a_script_is_of_an_mlflow_model(world: World) -> None:
    world.deploy("bare", codeConfiguration=None)

    message = _message(world, _with(), 400, headers={"azureml-model-deployment": "bare"})

    assert "has no scoring script, and its model is no mlflow_model" in message


@pytest.mark.parametrize(
    ("host", "audience"),
    [
        (HOST.replace(".com", ".cn"), "https://ml.azure.cn"),
        ("digits.westeurope.inference.studio.ml.azure.cn", "https://studio.ml.azure.cn"),
    ],
)
def test_the_china_hosts_take_the_china_audiences(world: World, host: str, audience: str) -> None:
    assert world.request("POST", "/jobs", _with(), host=host, audience=audience)[0] == 201
