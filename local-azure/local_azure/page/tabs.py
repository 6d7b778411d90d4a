"""What lies beside the files: dead letters, resources with who may do what, what left here."""

from collections.abc import Iterator
from contextlib import suppress

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from local_azure.azure import Azure
from local_azure.control_plane.authorization.errors import RoleNotFoundError
from local_azure.control_plane.clock import iso
from local_azure.control_plane.tenant import SUBSCRIPTION
from local_azure.gateway.listing import ListingError, entities, listing
from local_azure.page.dead_letters import letters
from local_azure.page.rendering import render

_ROLES = "Microsoft.Authorization/"
"""Who has which role is told beside the resources."""
_MOST = 200
"""Entries of each view, the newest."""


class Tabs:
    """The views beside the files.

    Args:
        azure: the services.
    """

    def __init__(self, azure: Azure) -> None:
        self._azure = azure

    def routes(self) -> list[Route]:
        """One for each view."""
        views = {
            "dead-letters": self._dead_letters,
            "resources": self._resources,
            "mail": self._mail,
            "dispatches": self._dispatches,
            "messages": self._messages,
            "faults": self._faults,
        }
        return [Route(f"/{name}", view) for name, view in views.items()]

    async def _dead_letters(self, request: Request) -> Response:
        text = request.query_params.get("text", "")
        found = await letters(self._azure, text)
        return render("dead-letters.html", tab="/dead-letters", letters=found, text=text)

    async def _resources(self, request: Request) -> Response:
        azure = self._azure
        text = request.query_params.get("text", "")
        found = [azure.resources.find(each) for each in azure.resources.below(SUBSCRIPTION)]
        shown = [
            each
            for each in found
            if each and text.lower() in each.id.lower() and not each.type.startswith(_ROLES)
        ]
        return render(
            "resources.html",
            tab="/resources",
            text=text,
            resources=shown,
            grants=[each for each in self._grants() if text.lower() in each["scope"]],
            refusals=azure.authorization.refusals,
        )

    def _grants(self) -> Iterator[dict[str, str]]:
        """Who has which role where."""
        azure = self._azure
        for each in azure.authorization.assignments():
            who = azure.directory.find(each["principal"])
            with suppress(RoleNotFoundError):  # an assignment may outlive its definition
                role = azure.authorization.role(each["role"]).name
                name, kind = (who.name, who.kind) if who else (each["principal"], "gone")
                yield {"role": role, "name": name, "kind": kind, "scope": each["scope"]}

    async def _mail(self, _: Request) -> Response:
        sent = self._azure.connectors.sent(_MOST)[::-1]
        connections = self._azure.connectors.connections()
        return render("mail.html", tab="/mail", mails=sent, connections=connections)

    async def _dispatches(self, _: Request) -> Response:
        dispatched = self._azure.github.dispatched(_MOST)[::-1]
        return render("dispatches.html", tab="/dispatches", dispatches=dispatched)

    async def _messages(self, request: Request) -> Response:
        chosen = request.query_params.get("entity", "")
        try:
            told = await listing(self._azure, chosen, _MOST) if chosen else {"messages": []}
        except ListingError as error:
            raise HTTPException(404, str(error)) from None
        holders = [each.url for each in self._azure.handlers.all()]
        holders += [each.id for each in entities(self._azure.resources)]
        messages = told["messages"][::-1]
        return render(
            "messages.html", tab="/messages", holders=holders, chosen=chosen, messages=messages
        )

    async def _faults(self, _: Request) -> Response:
        azure = self._azure
        clock = {"now": iso(azure.clock.now()), "advanced": azure.clock.advanced}
        return render("faults.html", tab="/faults", clock=clock, faults=azure.faults.told())
