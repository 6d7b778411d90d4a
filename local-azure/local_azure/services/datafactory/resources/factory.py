"""Data factories on the control plane.

Global parameters, Git, Purview and customer-managed keys are not emulated. That public access is
off binds self-hosted runtimes alone (D:data-factory/data-factory-private-link); there are none.
"""

from collections.abc import Iterator
from uuid import uuid4

from local_azure.control_plane.resource_manager.answers import chosen, tracked
from local_azure.control_plane.resource_manager.resource_type import Json, Put, ResourceType
from local_azure.control_plane.resource_manager.shape import Problem, not_emulated
from local_azure.services.datafactory.resources.place import API_VERSION, PATH


def _rules(inputs: Json) -> Iterator[Problem]:
    yield from not_emulated(
        inputs, "encryption", "globalParameters", "purviewConfiguration", "repoConfiguration"
    )


def _check(put: Put) -> None:
    put.check_unique("data factory names")
    if put.before and put.before.body.get("identity") != put.body.get("identity"):
        # The source document on Data Factory: to change it, the factory is made anew.
        reason = "a factory's identity can't be changed after its creation; make a new factory"
        raise put.refuse("identity", reason)


def _answer(put: Put) -> Json:
    return {
        **tracked(put),
        **chosen(put.body, ["publicNetworkAccess"]),
        "createTime": put.kept("createTime", lambda: put.now),
        "eTag": f'"{uuid4()}"',
        "provisioningState": "Succeeded",
        "version": API_VERSION,
    }


FACTORY = ResourceType(
    pulumi_type="azure-native:datafactory:Factory",
    path=PATH,
    api_version=API_VERSION,
    answer=_answer,
    rules=_rules,
    check=_check,
)
