"""A workflow of a site, as the runtime takes it: with the site's identity, place and settings."""

from dataclasses import replace
from typing import Any

from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.services.logic.errors import WorkflowNotFoundError
from local_azure.services.logic.standard import files
from local_azure.services.logic.standard.settings import (
    SettingNotFoundError,
    resolved,
    settings_in,
)
from local_azure.services.logic.standard.site_storage import network_of


def site_of(control: ControlPlane, workflow: Resource) -> Resource:
    """The site that a workflow lies in.

    Raises:
        WorkflowNotFoundError: it is gone.
    """
    site = control.resources.find(workflow.id.rpartition("/workflows/")[0])
    if site is None:
        raise WorkflowNotFoundError(workflow.id)
    return site


def view(control: ControlPlane, workflow: Resource) -> Resource:
    """The workflow with all that a Consumption one has of its own.

    Raises:
        WorkflowNotFoundError: it is not healthy: it reads a setting that is not there.
    """
    site = site_of(control, workflow)
    settings = settings_in(site.body)
    try:
        parameters = resolved(workflow.body["parameters"], settings)
    except SettingNotFoundError as cause:
        raise WorkflowNotFoundError(workflow.name) from cause
    kept = {key: site.properties.get(key) for key in ("location", "tags", "identity")}
    state = settings.get(f"Workflows.{workflow.name}.FlowState", "Enabled")
    kept["network"] = network_of(site.body)
    times = {"createdTime": workflow.created, "changedTime": workflow.changed, "state": state}
    body = {
        "definition": files.merged(workflow.body["definition"], parameters),
        "parameters": files.given(parameters),
        "state": state,
    }
    return replace(workflow, body=body, properties={**workflow.properties, **kept, **times})


def told(control: ControlPlane, workflow: Resource) -> dict[str, Any]:
    """What a GET of the site's workflow answers (keys: D:rest/api/appservice, Get Workflow)."""
    site = site_of(control, workflow)
    settings, health = settings_in(site.body), dict[str, Any](state="Healthy")
    try:
        resolved(workflow.body["parameters"], settings)
    except SettingNotFoundError as cause:
        error = {"code": "InvalidParameters", "message": str(cause)}
        health = {"state": "Unhealthy", "error": error}
    state = settings.get(f"Workflows.{workflow.name}.FlowState", "Enabled")
    return {
        "id": workflow.id,
        "name": f"{site.name}/{workflow.name}",
        "type": workflow.type,
        "kind": "Stateful",
        "location": site.properties["location"],
        "properties": {
            "files": {
                "workflow.json": {"definition": workflow.body["definition"], "kind": "Stateful"},
                "parameters.json": workflow.body["parameters"],
            },
            "flowState": state,
            "health": health,
        },
    }
