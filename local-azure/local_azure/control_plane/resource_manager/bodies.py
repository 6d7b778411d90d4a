"""What is PUT and PATCHed, written down where ``LOCAL_AZURE_BODIES`` names a file.

One JSON object a line: ``type``, ``apiVersion``, ``body`` and ``from``, the resource's id. For
whoever holds the bodies of a program against other types than those that are checked here. Secrets
stand in them as they were sent, so that only the file's owner may read it.
"""

import json
import os

from local_azure.control_plane.resource_manager.requests import Asked

VARIABLE = "LOCAL_AZURE_BODIES"
_OWNER_ONLY = 0o600


def write_down(arm_type: str, asked: Asked) -> None:
    """Append the body of a request, if that is asked for."""
    file = os.environ.get(VARIABLE)
    if not file:
        return
    version = asked.query.get("api-version", "")
    row = {"type": arm_type, "apiVersion": version, "body": asked.body, "from": asked.path}
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, _OWNER_ONLY), "a") as kept:
        kept.write(json.dumps(row) + "\n")
