"""A factory's documents over Resource Manager's interface, in the exported form: one, or a folder.

Lists are one page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse

from local_azure.datafactory import exported
from local_azure.datafactory.resources.credential import CREDENTIAL
from local_azure.datafactory.resources.dataset import DATASET
from local_azure.datafactory.resources.factory import FACTORY
from local_azure.datafactory.resources.linked_service import LINKED_SERVICE
from local_azure.datafactory.resources.pipeline import PIPELINE
from local_azure.datafactory.resources.place import API_VERSION, unsecured
from local_azure.resource_manager.rest import Operation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.responses import Response

    from local_azure.resource_manager.resource_type import ResourceType
    from local_azure.resource_manager.rest import Call
    from local_azure.resource_manager.store import Resource


def operations() -> list[Operation]:
    """The GETs of every type of document."""
    kinds = (PIPELINE, LINKED_SERVICE, DATASET, CREDENTIAL)
    return [operation for kind in kinds for operation in _of(kind)]


def _of(kind: ResourceType) -> Iterator[Operation]:
    async def one(call: Call) -> Response:
        return JSONResponse(_told(call.target))

    async def every(call: Call) -> Response:
        found = call.control.resources.select(kind.arm_type, under=call.target.id)
        return JSONResponse({"value": [_told(each) for each in found]})

    action, versions = kind.action("read"), (API_VERSION,)
    yield Operation("GET", kind.path, "", action, versions, one)
    folder = kind.arm_type.rpartition("/")[2]
    yield Operation("GET", FACTORY.path, f"/{folder}", action, versions, every)


def _told(document: Resource) -> dict[str, Any]:
    return {
        "id": document.id,
        "name": document.name,
        "type": document.type,
        "etag": document.properties["etag"],
        "properties": unsecured(_properties(document)),
    }


def _properties(document: Resource) -> dict[str, Any]:
    if document.type == PIPELINE.arm_type:
        return exported.pipeline(document.body)
    return exported.document(document.body["properties"])
