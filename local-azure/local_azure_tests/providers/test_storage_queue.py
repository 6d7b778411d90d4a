"""Storage queues, as the engine asks for them, and what is then there for the queues' clients."""

from local_azure_tests.conftest import Running
from local_azure_tests.providers.engine import Engine
from local_azure_tests.providers.event_path import EventPath

QUEUE = "azure-native:storage:Queue"


def _queues(running: Running) -> list[str]:
    """The queues that Azurite has for the first account."""
    return running.run(running.azure.storage._queues.names("pool000", "Queue"))


def test_a_queue_is_there_once_it_is_created_and_gone_once_it_is_deleted(
    native: Engine, path: EventPath, running: Running
) -> None:
    inputs = {**path.in_group, "accountName": path.inputs.outputs["name"], "queueName": "events"}

    created = native.create(QUEUE, {**inputs, "metadata": {"owner": "team"}})
    found, there = native.found(created), _queues(running)
    native.delete(created)

    assert created.id.endswith("/queueServices/default/queues/events")
    assert found.inputs["metadata"] == {"owner": "team"}
    assert (there, _queues(running)) == (["events"], [])
