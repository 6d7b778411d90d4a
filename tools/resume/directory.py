"""Applications, service principals and client secrets in Entra, by Microsoft Graph.

Sources: learn.microsoft.com, "List applications", "List servicePrincipals", "Get application",
"application: removePassword"; the ids are those of pulumi-azuread 6.
"""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from batch_client.answers import NotThereError
from batch_client.errors import ClientError
from batch_client.session import Session
from components.azure.clouds import CLOUDS
from components.azure.deployer import deployer
from tools.resume import state

APPLICATION = "azuread:index/application:Application"
PRINCIPAL = "azuread:index/servicePrincipal:ServicePrincipal"
PASSWORD = "azuread:index/applicationPassword:ApplicationPassword"  # noqa: S105 a type's name
_LONGEST_UP = timedelta(days=1)


class UnknownIdError(ClientError):
    """What a create made, if anything, can't be told from what else there may be."""


class Secret(NamedTuple):
    """A client secret that is in an application and in no state."""

    application: str
    """Object id."""

    key_id: str
    name: str


class Directory:
    """The tenant that a stack's applications are in, asked only when there is something to ask.

    Args:
        deployment: the stack's state as it was exported.
    """

    def __init__(self, deployment: state.Json) -> None:
        self._deployment = deployment
        environment = state.provider_input(deployment, "azuread", "environment") or "global"
        clouds = (each for each in CLOUDS.values() if each.azuread_environment == environment)
        cloud = next(clouds, CLOUDS["usgovernment" if "gov" in environment else "public"])
        self._graph = f"https://{cloud.graph_host}"
        host = os.environ.get("AZURE_AUTHORITY_HOST") or cloud.login_host
        self._session = Session(deployer(host), self._graph)

    def id_of(self, resource: state.Pending) -> str | None:
        """The id of what a create made, None where it made nothing.

        Raises:
            ClientError: the directory can't be asked.
            UnknownIdError: what there is may be somebody else's.
        """
        if resource.kind == PRINCIPAL:
            found = self._find("servicePrincipals", "appId", resource.inputs["clientId"])
            return f"/servicePrincipals/{found[0]['id']}" if found else None
        return self._application(str(resource.inputs["displayName"]))

    def orphans(self) -> Iterator[Secret]:
        """Secrets named as one of the stack's, in an application of its, that no state has.

        Those that a person added under a name of their own are not among them. A pending create can
        have its id already: it is not in the state for that, and nothing knows its value.
        """
        passwords = state.of_type(self._deployment, PASSWORD)
        made = self._deployment.get("resources") or []
        kept = {str(each.get("id", "")).rpartition("/")[2] for each in made}
        inputs = [each["inputs"] for each in passwords]
        names = {(each["applicationId"], each.get("displayName")) for each in inputs}
        for application in sorted({application for application, _ in names}):
            object_id = application.rpartition("/")[2]
            for each in self._passwords(object_id):
                if (application, each["displayName"]) in names and each["keyId"] not in kept:
                    yield Secret(object_id, each["keyId"], str(each["displayName"]))

    def remove(self, secret: Secret) -> None:
        """Take a secret away: its value was told to nobody who is left."""
        url = f"{self._graph}/v1.0/applications/{secret.application}/removePassword"
        self._session.post(url, {"keyId": secret.key_id})

    def _passwords(self, application: str) -> list[dict[str, Any]]:
        try:
            told = self._session.get(f"{self._graph}/v1.0/applications/{application}")
        except NotThereError:
            return []
        return list(told["passwordCredentials"])

    def _application(self, name: str) -> str | None:
        written = datetime.fromisoformat(self._deployment["manifest"]["time"])
        found = [
            f"/applications/{each['id']}"
            for each in self._find("applications", "displayName", name)
            if _moment(each["createdDateTime"]) > written - _LONGEST_UP
        ]
        new = [each for each in found if state.find(self._deployment, each) is None]
        if len(new) > 1:
            message = (
                f"{len(new)} applications are called {name!r}, and this stack knows none of them: "
                f"{', '.join(new)}. Delete those that nothing uses."
            )
            raise UnknownIdError(message)
        return new[0] if new else None

    def _find(self, what: str, key: str, value: str) -> list[dict[str, Any]]:
        quoted = value.replace("'", "''")
        query = {"$filter": f"{key} eq '{quoted}'"}
        told = self._session.get(f"{self._graph}/v1.0/{what}", query=query)
        return list(told["value"])


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
