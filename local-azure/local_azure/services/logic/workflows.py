"""The workflows that exist, each read once per version and ready to run."""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.runs import transport
from local_azure.runs.environment import Environment, identity_token
from local_azure.services.logic import callback
from local_azure.services.logic.callback import AccessKeys
from local_azure.services.logic.definition import Definition, read
from local_azure.services.logic.errors import TriggerNotFoundError, WorkflowNotFoundError
from local_azure.services.logic.resources import TYPE
from local_azure.services.logic.run import parameter_values
from local_azure.services.logic.standard import files, hosted
from local_azure.services.logic.standard.resources import SITE_TYPE


@dataclass(frozen=True)
class Workflow:
    """One version of a workflow.

    Attributes:
        resource: the resource.
        definition: what it runs.
        parameters: values of all parameters.
        environment: the world around its runs.
        network: id of the virtual network that its runs call from, or empty.
    """

    resource: Resource
    definition: Definition
    parameters: Mapping[str, Any]
    environment: Environment
    network: str = ""

    @property
    def enabled(self) -> bool:
        """Whether its trigger may fire."""
        return str(self.resource.body.get("state", "Enabled")).lower() != "disabled"


class Workflows:
    """Finds workflows by resource id, and by the id in their callback URLs.

    Attributes:
        keys: what the URLs are signed with.
    """

    def __init__(self, control: ControlPlane, connection: Callable[[str], tuple[str, str]]) -> None:
        self._control = control
        self._connection = connection
        self.keys = AccessKeys(control.state, control.home.secret("callback-urls").encode())
        self._version = -1
        self._read: dict[str, Workflow] = {}
        self._ids: dict[str, str] = {}

    def callback_url(self, workflow_id: str, trigger: str) -> str:
        """The URL that fires a workflow's trigger.

        Raises:
            WorkflowNotFoundError: no workflow has this id.
            TriggerNotFoundError: it has no such trigger.
        """
        workflow = self.find(workflow_id)
        if workflow.definition.trigger_name.lower() != trigger.lower():
            raise TriggerNotFoundError(workflow.resource.name, trigger)
        resource, name = workflow.resource, workflow.definition.trigger_name
        return callback.callback_url(resource, name, self._key_of(resource))

    def content_url(self, workflow_id: str, content: str) -> str:
        """The URL of something that a run's history holds.

        Raises:
            WorkflowNotFoundError: no workflow has this id.
        """
        resource = self.find(workflow_id).resource
        return callback.content_url(resource, content, self._key_of(resource))

    def is_signature(self, identifier: str, permitted: str, given: str) -> bool:
        """Whether this is the signature of a URL that permits something."""
        expected = callback.signature(identifier, permitted, self.keys.of(identifier))
        return hmac.compare_digest(given.encode(), expected.encode())

    def _key_of(self, workflow: Resource) -> bytes:
        return self.keys.of(callback.access_id(workflow))

    def find(self, workflow_id: str) -> Workflow:
        """The workflow with a resource id, as it stands.

        Raises:
            WorkflowNotFoundError: no workflow has this id.
        """
        self._forget_old_versions()
        key = workflow_id.rstrip("/").lower()
        if key not in self._read:
            resource = self._control.resources.find(workflow_id)
            if resource is None or resource.type not in {TYPE, files.TYPE}:
                raise WorkflowNotFoundError(workflow_id)
            if resource.type == files.TYPE:
                resource = hosted.view(self._control, resource)
            self._read[key] = self._workflow(resource)
        return self._read[key]

    def behind(self, identifier: str) -> Workflow:
        """The workflow whose callback URL has this id.

        Raises:
            WorkflowNotFoundError: none has, or it has been made anew since.
        """
        self._forget_old_versions()
        if not self._ids:
            self._ids = {
                callback.access_id(each): each.id
                for kind in (TYPE, files.TYPE)
                for each in self._control.resources.select(kind)
            }
        if identifier not in self._ids:
            raise WorkflowNotFoundError(identifier)
        return self.find(self._ids[identifier])

    def _forget_old_versions(self) -> None:
        # A site's workflows read its settings.
        kinds = (TYPE, files.TYPE, SITE_TYPE)
        current = max(self._control.resources.version(kind) for kind in kinds)
        if self._version != current:
            self._version = current
            self._read.clear()
            self._ids.clear()

    def _workflow(self, resource: Resource) -> Workflow:
        definition = read(resource.body["definition"])
        given = resource.body.get("parameters") or {}
        values = {name: each.get("value") for name, each in given.items()}
        return Workflow(
            resource,
            definition,
            parameter_values(definition, {k: v for k, v in values.items() if v is not None}),
            self._environment(resource),
            str(resource.properties.get("network") or ""),
        )

    def _environment(self, resource: Resource) -> Environment:
        return Environment(
            clock=self._control.clock,
            send=transport.over(self._control.client),
            identity_token=partial(identity_token, self._control, resource),
            connection=self._connection,
            workflow={
                "id": resource.id,
                "name": resource.name,
                "type": TYPE,
                "location": resource.properties.get("location"),
                "tags": resource.properties.get("tags") or {},
            },
        )
