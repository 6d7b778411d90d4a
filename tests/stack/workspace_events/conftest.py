"""One embedded Azure with rules for all five events, for all tests of this folder."""

from collections.abc import Iterator

import pytest

from local_azure.control_plane.clock import Clock
from local_azure.home import Home
from local_azure.services.receivers.service import Receiver
from local_azure_tests.datafactory.cloud import FACTORY_ID, Cloud
from local_azure_tests.messaging import world as bus
from local_azure_tests.storage import world as drops
from tests.embedded.test_rules_in_docs import snippets
from tests.stack.event_path.test_roles import CALLER
from tests.stack.workspace_events.told import HOST, Told, to_hook

KEY = "a/key+of=the==function"
DOCUMENTED_FUNCTION = "https://my-function-app.azurewebsites.net/api/myeventhandler"
FUNCTION = {"kind": "azure_function", "url": f"https://{HOST}/deployed"}
DOCUMENTED = snippets()
RULES = [
    to_hook("completed", "RunCompleted"),
    to_hook(
        "failed",
        "RunStatusChanged",
        advanced_filters=[{"operator": "StringIn", "key": "data.runStatus", "values": ["failed"]}],
    ),
    to_hook("models", "ModelRegistered", subject_begins_with="models/digits:"),
    to_hook("deployed", "ModelDeployed", destination=FUNCTION),
    to_hook("drift", "DatasetDriftDetected"),
    to_hook(
        "retrain",
        "DatasetDriftDetected",
        destination={
            "kind": "data_factory_pipeline",
            "factory_id": FACTORY_ID,
            "pipeline": "Retrain",
            "parameters": {"epochs": 3},
            "event_parameter": "event",
        },
    ),
    to_hook("cloud", "RunCompleted", schema="cloud_events"),
    to_hook(
        "queue",
        "RunCompleted",
        destination={"kind": "storage_queue", "resource_id": drops.ACCOUNT, "queue_name": "events"},
    ),
    to_hook("hub", "RunCompleted", destination={"kind": "event_hub", "resource_id": bus.HUB}),
    to_hook(
        "bus-queue",
        "RunCompleted",
        destination={"kind": "service_bus_queue", "resource_id": bus.QUEUE},
    ),
    to_hook(
        "bus-topic",
        "RunCompleted",
        destination={"kind": "service_bus_topic", "resource_id": bus.TOPIC},
    ),
    *DOCUMENTED["tagged-models"]["workspace_events"]["rules"],
]
OF_THE_PIPELINE = {
    "parameters": {"event": {"type": "Object"}, "epochs": {"type": "Int"}},
    "variables": {"drift": {"type": "String"}},
}
REMEMBER = {
    "name": "Remember",
    "type": "SetVariable",
    "typeProperties": {
        "variableName": "drift",
        "value": {
            "value": "@string(pipeline().parameters.event.data.DriftCoefficient)",
            "type": "Expression",
        },
    },
}
DOMAIN = {
    "topics": ["models", *DOCUMENTED["event-subscription"]["event_domain"]["topics"]],
    "publishers": [{"object_id": CALLER, "type": "User"}],
    "subscriptions": [
        {
            "name": "approved",
            "topic": "models",
            "destination": {"kind": "azure_function", "url": f"https://{HOST}/approved"},
        },
        *DOCUMENTED["event-subscription"]["event_domain"]["subscriptions"],
    ],
}


@pytest.fixture(scope="package")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """The dev stack's own file with rules and a domain, brought up by the real engine.

    The places that the rules name are another team's, and there before.
    """
    running = Cloud(Home(tmp_path_factory.mktemp("azure")), Clock())
    # A server that is left running would keep pytest from ending.
    try:
        yield _brought_up(running)
    finally:
        running.stop()


def _brought_up(running: Cloud) -> Told:
    running.settle()
    running.pipeline("Retrain", REMEMBER, **OF_THE_PIPELINE)
    drops.build(running)
    running.run(running.azure.storage.create_queue(drops.NAME, "events", {}))
    for make in (bus.put_queue, bus.build):
        running.call(make, running.azure)
    stack = Told(running)
    running.call(running.azure.handlers.put, Receiver(DOCUMENTED_FUNCTION, KEY))
    for name in ("deployed", "approved", "tagged-models", "event-subscription"):
        stack.keep_secret(name, KEY)
    stack.apply({"workspace_events": {"rules": RULES}, "event_domain": DOMAIN})
    return stack
