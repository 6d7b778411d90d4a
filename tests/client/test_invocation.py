"""The body of an invocation."""

import json

from batch_client.invocation import FILE, FOLDER, LITERAL, Invocation, Overrides, Port
from local_azure.services.machinelearning import invocation


def test_the_body_has_the_documented_shape() -> None:
    asked = Invocation(
        inputs={"data": Port(FOLDER, "https://a/"), "mode": Port(LITERAL, "append")},
        outputs={"scores": Port(FILE, "azureml://datastores/d/paths/p")},
        experiment="night",
        tags={"who": "me"},
        overrides=Overrides(instance_count=2, mini_batch_retries=0, mini_batch_timeout_seconds=90),
    )

    assert asked.body("job-1") == {
        "properties": {
            "name": "job-1",
            "InputData": {
                "data": {"JobInputType": "UriFolder", "Uri": "https://a/"},
                "mode": {"JobInputType": "Literal", "Value": "append"},
            },
            "OutputData": {
                "scores": {"JobOutputType": "UriFile", "Uri": "azureml://datastores/d/paths/p"}
            },
            "tags": {"who": "me"},
            "properties": {"experimentName": "night"},
            "compute": {"instanceCount": 2},
            "retrySettings": {"maxRetries": 0, "timeout": "PT90S"},
        }
    }


def test_what_is_not_said_is_not_sent() -> None:
    asked = Invocation({"in": Port(FILE, "https://a/b")})

    assert asked.body("job-1") == {
        "properties": {
            "name": "job-1",
            "InputData": {"in": {"JobInputType": "UriFile", "Uri": "https://a/b"}},
        }
    }
    assert "name" not in asked.body()["properties"]
    assert asked.headers() == {}


def test_every_override_is_one_that_the_endpoint_knows() -> None:
    everything = Overrides(2, 5, 1, 10, 3, 60, "rows.csv", "Debug")
    asked = Invocation({"in": Port(FILE, "https://a/b")}, overrides=everything)

    read = invocation.read(json.dumps(asked.body("job-1")).encode())

    assert read.overrides == {
        "instanceCount": 2,
        "miniBatchSize": 5,
        "maxConcurrencyPerInstance": 1,
        "errorThreshold": 10,
        "retrySettings": {"maxRetries": 3, "timeout": "PT60S"},
        "outputFileName": "rows.csv",
        "loggingLevel": "Debug",
    }
