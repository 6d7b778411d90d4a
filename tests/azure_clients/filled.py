"""What a reader puts into the `az` lines of the documents, from the outputs of their own stack."""

from collections.abc import Mapping
from typing import Any

EXTENSIONS = ("az ml", "az datafactory")
"""Commands of extensions, which the Python package index does not have."""

ELSEWHERE = {"az login --identity": "test_a_managed_identity_signs_in_where_it_lives"}
"""Lines that a test of their own runs."""

SIGNED_IN = (
    "az login --service-principal --username $AZURE_CLIENT_ID --password $AZURE_CLIENT_SECRET"
)
_GOES_ON = {
    "az login": f"{SIGNED_IN} --tenant $AZURE_TENANT_ID",
    "az storage blob upload --auth-mode login …": "<upload_command>",
    "az ad app owner add": (
        "az ad app owner add --id <invoker_client_id> --owner-object-id <invoker_object_id>"
    ),
    "az storage blob download --auth-mode login": (
        "az storage blob download --auth-mode login --account-name <storage_account_name> "
        "--container-name <input_container> --name <input_folder>FILE --file downloaded"
    ),
    "az rest --method post --url <workflow id>/regenerateAccessKey…": (
        "az rest --method post --url <workflow_id>/regenerateAccessKey?api-version=2016-06-01 "
        """--body '{"keyType": "Secondary"}'"""
    ),
}
"""Lines that name a command alone, and how they go on."""

_NAMED = {
    "<client id>": "<invoker_client_id>",
    "<workflow id>": "<workflow_id>",
    "<group>": "/subscriptions/{subId}/resourceGroups/<resource_group_name>",
    "<group of the vault>": "/subscriptions/{subId}/resourceGroups/<resource_group_name>",
    "{RG}": "<resource_group_name>",
    "namespaces/n1/": "namespaces/<namespace>/",
    "<namespace>": "event-hubs-1",
    "TestRG": "<resource_group_name>",
    "{wsName}": "<workspace_name>",
    "{account}": "<dead_letter_account>",
}
"""Placeholders of the documents; the names of outputs stand for their values."""


def filled(command: str, outputs: Mapping[str, Any]) -> str:
    """A documented command as a reader runs it.

    Raises:
        ValueError: it has a placeholder that nothing here stands for.
    """
    command = _GOES_ON.get(command, command)
    for placeholder, value in _NAMED.items():
        command = command.replace(placeholder, value)
    command = command.replace("{subId}", str(outputs["workspace_id"]).split("/")[2])
    for name, value in outputs.items():
        command = command.replace(f"<{name}>", str(value))
    if "<" in command:
        message = f"{command}: what does {command[command.index('<') :]} stand for?"
        raise ValueError(message)
    return command
