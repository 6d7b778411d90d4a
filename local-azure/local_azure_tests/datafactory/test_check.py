"""Every mistake in a pipeline is refused when it is created, in one sentence that names it."""

from typing import Any

import pytest

from local_azure.services.datafactory.check import check_definition
from local_azure_tests.datafactory.pipelines import (
    VARIABLES,
    activity,
    append,
    set_variable,
    wait,
    web,
)

TRUE = "@equals(1, 1)"
REFERENCE = {"referenceName": "d", "type": "DatasetReference"}
CHILD = {"referenceName": "child", "type": "PipelineReference"}
COPY = {"source": {"type": "BinarySource"}, "sink": {"type": "BinarySink"}}


SEEN = "@activity('B').status"
AFTER_A = {"dependsOn": [{"activity": "A", "dependencyConditions": ["Succeeded"]}]}
POLICY = {
    "timeout": "0.12:00:00",
    "retry": 0,
    "retryIntervalInSeconds": 30,
    "secureInput": False,
    "secureOutput": False,
}
RUNTIME = {"referenceName": "AutoResolveIntegrationRuntime", "type": "IntegrationRuntimeReference"}
EXPORTED = {
    "enableStaging": False,
    "enableSkipIncompatibleRow": False,
    "validateDataConsistency": False,
    "preserve": [],
    "parallelCopies": 4,
    "dataIntegrationUnits": 2,
}
READ = {"type": "AzureBlobStorageReadSettings"}
EXPLICIT: dict[str, Any] = {
    "source": {
        "type": "BinarySource",
        "sourceRetryCount": 2,
        "storeSettings": {
            "type": "AzureBlobStorageReadSettings",
            "recursive": True,
            "enablePartitionDiscovery": False,
            "deleteFilesAfterCompletion": False,
            "disableMetricsCollection": False,
        },
        "formatSettings": {"type": "BinaryReadSettings"},
    },
    "sink": {
        "type": "BinarySink",
        "storeSettings": {"type": "AzureBlobStorageWriteSettings", "blockSizeInMB": 8},
    },
}


def condition(name: str, *inside: dict[str, Any]) -> dict[str, Any]:
    return activity(name, "IfCondition", expression=TRUE, ifTrueActivities=list(inside))


def until(name: str, *inside: dict[str, Any], expression: str = TRUE) -> dict[str, Any]:
    return activity(name, "Until", expression=expression, activities=list(inside))


def each(name: str, *inside: dict[str, Any], **own: Any) -> dict[str, Any]:
    return activity(name, "ForEach", items="@createArray(1)", activities=list(inside), **own)


def copy(inputs: Any = (REFERENCE,), **own: Any) -> dict[str, Any]:
    made = activity("A", "Copy", **{**COPY, **own})
    return {**made, "inputs": list(inputs), "outputs": [REFERENCE]}


def call(**own: Any) -> dict[str, Any]:
    return activity("A", "ExecutePipeline", **{"pipeline": CHILD, **own})


def signing(**authentication: Any) -> dict[str, Any]:
    return web("A", authentication=authentication)


def under(**policy: Any) -> dict[str, Any]:
    return {**web("A"), "policy": policy}


def switch(*values: str) -> dict[str, Any]:
    cases = [{"value": value, "activities": []} for value in values]
    return activity("A", "Switch", on="@variables('v')", cases=cases)


SOUND = [
    (wait("A"), wait("B", {"A": "Succeeded"})),
    (each("A", condition("B", wait("C"))),),
    (each("A", set_variable("B", "@item()"), isSequential=True),),
    (each("A", set_variable("B", "@item()"), batchCount=1),),
    (each("A", append("B", "@item()")),),
    (until("A", wait("B"), expression="@equals(activity('B').status, 'Succeeded')"),),
    (copy(),),
    (switch("1", "2"),),
    ({"name": "A", "type": "NoSuchType", "state": "Inactive"},),
    (until("A", wait("B")), set_variable("C", SEEN, {"A": "Succeeded"})),
    (condition("A", wait("B")), set_variable("C", SEEN, {"A": "Failed"})),
    (until("A", condition("D", wait("B")), expression="@equals(activity('B').status, 'x')"),),
    (condition("A", wait("B")), condition("C", set_variable("D", SEEN)) | AFTER_A),
    (call(),),
    (activity("A", "IfCondition", expression=TRUE, ifTrueActivities=None),),
    # What an export carries at its default value.
    *(({**each, "policy": POLICY},) for each in (wait("A"), until("A"), set_variable("A", "x"))),
    (web("A", datasets=[], linkedServices=[], disableCertValidation=False, connectVia=RUNTIME),),
    (copy(**EXPORTED),),
    (copy(**EXPLICIT),),
]
REFUSED = [
    ([5], "An activity is an object with a name."),
    ([{"type": "Wait"}], "An activity is an object with a name."),
    ([wait("")], "The activity name '' is refused"),
    ([wait("a/b")], "The activity name 'a/b' is refused"),
    ([wait("x" * 56)], "it has 55 characters at most"),
    ([wait("a\nb")], "The activity name 'a\\nb' is refused"),
    ([wait("A"), wait("a")], "The activity name 'a' is used twice."),
    ([condition("A", wait("A"))], "The activity name 'A' is used twice."),
    ([activity("A", "Lookup")], "'A': the type 'Lookup' is not emulated; emulated are "),
    ([{"name": "A", "type": ["Wait"]}], "'A': the type ['Wait'] is not emulated"),
    ([{**wait("A"), "linkedServiceName": {}}], "'A': it has 'linkedServiceName'; accepted are"),
    ([{**wait("A"), "typeProperties": 1}], "'A': typeProperties is an object."),
    ([activity("A", "Wait")], "'A': typeProperties needs 'waitTimeInSeconds'."),
    ([web("A", pfx=1)], "'A': typeProperties has 'pfx', which is not emulated for WebActivity."),
    ([web("A", datasets=[REFERENCE])], "'A': 'datasets' other than [] is not emulated"),
    ([web("A", method="TRACE")], "'A': the method is one of GET, POST, PUT, PATCH, DELETE"),
    ([web("A", method="Post")], "'A': a POST needs a 'body'."),
    ([web("A", turnOffAsync="true")], "'A': turnOffAsync is true or false; found 'true'."),
    (
        [signing(type="ClientCertificate")],
        "'A': authentication of type 'ClientCertificate' is not emulated; emulated are Basic, MSI",
    ),
    ([signing(type="MSI")], "'A': authentication of type MSI needs 'resource'."),
    (
        [signing(type="MSI", resource="r", tenant="t")],
        "'A': authentication of type MSI has no 'tenant'.",
    ),
    (
        [signing(type="Basic", username="u", password="plain")],
        "'A': its password is a SecureString or an AzureKeyVaultSecret.",
    ),
    (
        [signing(type="UserAssignedManagedIdentity", resource="r", credential="mine")],
        "'A': its credential is a reference to a credential.",
    ),
    ([{**wait("A"), "policy": {"retries": 1}}], "'A': policy has 'retries'; accepted: retry, "),
    ([{**web("A"), "policy": []}], "'A': policy is an object."),
    ([under(retry=-1)], "'A': policy.retry is 0 to 1000; found -1."),
    ([under(retry=True)], "'A': policy.retry is 0 to 1000; found True."),
    ([under(retryIntervalInSeconds=5)], "policy.retryIntervalInSeconds is 30 to 86400; found 5."),
    ([under(secureInput="yes")], "'A': policy.secureInput is true or false; found 'yes'."),
    (
        [under(timeout="00:09:59")],
        "'A': policy.timeout is a time span of 0.00:10:00 to 7.00:00:00; found '00:09:59'.",
    ),
    ([{**wait("A"), "dependsOn": "B"}], "'A': dependsOn is a list of {'activity', 'dependencyCon"),
    ([wait("A", {"B": "Succeeded"})], "'A': it depends on 'B', which is not beside it."),
    (
        [wait("A"), wait("B", {"A": "Success"})],
        "'B': the condition 'Success' is none of Completed, Failed, Skipped, Succeeded.",
    ),
    (
        [wait("A", {"B": "Succeeded"}), wait("B", {"A": "Succeeded"})],
        "These activities wait for each other: A, B.",
    ),
    ([{**wait("A"), "state": "Off"}], "'A': state is one of Active, Inactive; found 'Off'."),
    (
        [{**wait("A"), "onInactiveMarkAs": "Done"}],
        "'A': onInactiveMarkAs is one of Succeeded, Failed, Skipped; found 'Done'.",
    ),
    ([wait(f"A{n}") for n in range(81)], "It has 81 activities; 80 are accepted."),
    ([activity("A", "Until", expression=TRUE, activities={})], "'A': activities inside of it are"),
    ([activity("A", "ForEach", items=[], activities=None)], "'A': activities inside of it are"),
    ([until("A", until("B"))], "'B': an Until can't be inside of an Until."),
    ([each("A", each("B"))], "'B': a ForEach can't be inside of a ForEach."),
    ([condition("A", each("B"))], "'B': a ForEach can't be inside of an IfCondition."),
    ([condition("A", condition("B"))], "'B': an IfCondition can't be inside of an IfCondition."),
    ([each("A", set_variable("B", "x"))], "'B': a variable is shared by all passes of a ForEach"),
    ([each("A", batchCount=51)], "'A': batchCount is 1 to 50; found 51."),
    ([each("A", isSequential="true")], "'A': isSequential is true or false; found 'true'."),
    ([switch("1", "1")], "'A': the case '1' is there twice."),
    ([switch(*map(str, range(26)))], "'A': it has 26 cases; 25 are accepted."),
    ([activity("A", "Switch", on="1", cases=[{}])], "'A': each of its cases has a 'value', which"),
    (
        [activity("A", "SetVariable", variableName="w", value="1")],
        "'A': it sets the variable 'w', which is not declared.",
    ),
    ([set_variable("A", "@concat(variables('V'))")], "'A': it sets the variable 'v' from itself"),
    (
        [activity("A", "AppendVariable", variableName="v", value="1")],
        "'A': it appends to the variable 'v', which is no Array.",
    ),
    ([call(pipeline="child")], "'A': pipeline is a reference to a pipeline."),
    ([call(waitOnCompletion="true")], "'A': waitOnCompletion is true or false; found 'true'."),
    ([call(parameters="p")], "'A': parameters is an object."),
    ([web("A", headers="h")], "'A': headers is an object; found 'h'."),
    ([activity("A", "SetVariable", variableName=["v"], value="1")], "sets the variable ['v'], wh"),
    ([activity("A", "AppendVariable", variableName={}, value="1")], "to the variable {}, which i"),
    (
        [copy(source={"type": "BinarySource", "storeSettings": 5})],
        "'A': its source's storeSettings and formatSettings are objects.",
    ),
    ([copy(inputs=[])], "'A': 'inputs' is one reference to a dataset."),
    (
        [copy(source={"type": "SqlSource"})],
        "'A': its source is of type BinarySource (no other is emulated).",
    ),
    ([copy(enableStaging=True)], "'A': 'enableStaging' other than false is not emulated for Copy."),
    ([copy(translator={})], "'A': typeProperties has 'translator', which is not emulated for Cop"),
    (
        [copy(source={**EXPLICIT["source"], "storeSettings": {**READ, "metadata": [1]}})],
        "'A': its source's storeSettings: metadata is [] here; found [1] (not emulated).",
    ),
    (
        [copy(sink={"type": "BinarySink", "storeSettings": {}})],
        "'A': its sink's storeSettings are AzureBlobStorageWriteSettings (no other are emulated).",
    ),
    ([set_variable("A", "@concat(")], "'A': @concat("),
    ([set_variable("A", "@nosuch()")], "'A': @nosuch(): "),
    ([set_variable("A", "@triggerBody()")], "'A': @triggerBody(): "),
    ([set_variable("A", "@variables('w')")], "no variable 'w' is declared; declared: all, v."),
    (
        [set_variable("A", "@pipeline().parameters.q")],
        "'A': @pipeline().parameters.q: no parameter 'q' is declared; declared: none.",
    ),
    ([set_variable("A", "@item()")], "'A': @item(): item() means nothing outside of a ForEach"),
    (
        [wait("A"), set_variable("B", "@activity('A').status")],
        "the activity 'A' is none that ends before it by what it depends on, nor inside of one",
    ),
    (
        [condition("A", wait("B")), set_variable("C", SEEN)],
        "the activity 'B' is none that ends before it by what it depends on",
    ),
    (
        [each("A", wait("B")), set_variable("C", SEEN, {"A": "Succeeded"})],
        "the activity 'B' is none that ends before it by what it depends on",
    ),
    (
        [set_variable("A", f"@concat('{'x' * 8192}')")],
        "'A': an expression has 8203 characters; 8192 are accepted.",
    ),
]


@pytest.mark.parametrize("activities", SOUND)
def test_what_azure_takes_is_taken(activities: tuple[dict[str, Any], ...]) -> None:
    assert check_definition({"activities": list(activities), "variables": VARIABLES}) == []


@pytest.mark.parametrize(("activities", "sentence"), REFUSED)
def test_a_mistake_is_refused_in_one_sentence(activities: list[Any], sentence: str) -> None:
    [problem] = check_definition({"activities": activities, "variables": VARIABLES})
    assert sentence in problem


@pytest.mark.parametrize(
    ("pipeline", "sentence"),
    [
        ({}, "A pipeline has a list 'activities'."),
        ({"activities": {}}, "A pipeline has a list 'activities'."),
        (
            {"activities": [], "variables": {"n": {"type": "Float"}}},
            "The variable 'n' is of one of String, Boolean, Integer, Array; found 'Float'.",
        ),
        (
            {"activities": [], "variables": {"n": {"type": "Integer", "defaultValue": True}}},
            "The variable 'n' is of type Integer; its default is not.",
        ),
        (
            {"activities": [], "variables": {"n": {"type": "Bool", "defaultValue": "true"}}},
            "The variable 'n' is of type Bool; its default is not.",
        ),
        (
            {"activities": [], "parameters": {"p": "string"}},
            "The pipeline's parameters are an object of objects with a 'type'.",
        ),
    ],
)
def test_a_mistake_beside_the_activities_is_refused(
    pipeline: dict[str, Any], sentence: str
) -> None:
    assert check_definition(pipeline) == [sentence]
