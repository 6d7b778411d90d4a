"""What the deployment of the facts is registered from: a model and code that lie where they say."""

import time

import requests

from local_azure_tests.recorded.world import World
from tests.conformance.signed_in import SignedIn

_CONTENT = {
    "model/model.txt": b"no model\n",
    "code/score.py": b"def init(): ...\n\n\ndef run(mini_batch):\n    return list(mini_batch)\n",
}
_HEADERS = {"x-ms-blob-type": "BlockBlob", "x-ms-version": "2023-11-03"}
_PATIENCE = 15 * 60
"""Seconds that a role may take."""


def upload(world: World, who: SignedIn) -> None:
    """Write them into the workspace's default container, with a role for whoever is signed in.

    Raises:
        grpc.RpcError: the workspace or the role is refused.
        requests.HTTPError: the container is, once a role has had its time.
    """
    account = str(world.workspace.inputs["storageAccount"])
    grant = world.grant_inputs(who.publisher["object_id"], account)
    kind = "azure-native:authorization:RoleAssignment"
    world.native.create(kind, {**grant, "principalType": who.publisher["type"]})
    container = f"azureml-blobstore-{world.workspace.outputs['workspaceId']}"
    deadline = time.monotonic() + _PATIENCE
    for name, content in _CONTENT.items():
        host = f"https://{account.rpartition('/')[2]}.blob.core.windows.net"
        while not (answer := _put(who, f"{host}/{container}/{name}", content)).ok:
            if time.monotonic() > deadline:
                answer.raise_for_status()
            time.sleep(10)


def _put(who: SignedIn, url: str, content: bytes) -> requests.Response:
    return who.caller.call("PUT", url, _HEADERS, content)
