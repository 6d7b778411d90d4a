"""What a site's own host answers: triggers' callback URLs, and contents of runs.

Before both stand the site's access restrictions (D:app-service/app-service-ip-restrictions).
"""

from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, Router

from local_azure.control_plane.networks import origins
from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.control_plane.web import router
from local_azure.services.logic import callback
from local_azure.services.logic.routes import METHODS, Callbacks
from local_azure.services.logic.standard.resources import SITE_TYPE
from local_azure.services.logic.standard.settings import HostNotRunningError, check_host


@dataclass(frozen=True)
class SiteCallbacks(Callbacks):
    """What hosts like ``my-app.azurewebsites.net`` answer; see ``Callbacks``."""

    api_versions: ClassVar[tuple[str, ...]] = (callback.SITE_API_VERSION,)

    control: ControlPlane

    def router(self) -> Router:
        """The table of routes."""
        scale_unit = "/runtime/webhooks/workflow/scaleUnits/prod-00"
        content = f"{scale_unit}/workflows/{{workflow}}/{{content:path}}"
        return router(
            [
                Route("/api/{name}/triggers/{trigger}/invoke", self._trigger, methods=METHODS),
                Route(content, self._contents, methods=["GET"]),
            ],
            "A site",
        )

    async def _trigger(self, request: Request) -> Response:
        refusal = self._refusal(request)
        if refusal is not None:
            return refusal
        site = self._site(request)
        found = site and self.control.resources.find(
            f"{site.id}/workflows/{request.path_params['name']}"
        )
        identifier = found.properties["accessEndpoint"].rpartition("/")[2] if found else ""
        request.path_params["workflow"] = identifier
        return await self._invoke(request)

    async def _contents(self, request: Request) -> Response:
        return self._refusal(request) or await self._content(request)

    def _site(self, request: Request) -> Resource | None:
        name = str(request.url.hostname).partition(".")[0]
        return self.control.resources.named(SITE_TYPE, name)

    def _refusal(self, request: Request) -> Response | None:
        """What is answered where the host is not even asked (texts are UNVERIFIED)."""
        site = self._site(request)
        if site is None:
            return PlainTextResponse("404 Web Site not found.", 404)
        if not _admits(site, origins.caller().address):
            return PlainTextResponse("Ip Forbidden", 403)
        try:
            check_host(self.control, site)
        except HostNotRunningError as error:
            return PlainTextResponse(error.message, 503)
        return None


def _admits(site: Resource, address: str) -> bool:
    told: dict[str, Any] = site.properties
    if told.get("publicNetworkAccess", "Enabled") == "Disabled":
        return False
    configured = told["siteConfig"]
    rules = configured.get("ipSecurityRestrictions") or []
    for rule in sorted(rules, key=lambda each: each.get("priority", 65_000)):
        if _meets(rule, address):
            return str(rule.get("action", "Allow")) == "Allow"
    # Where nothing is said, what is listed is all that is let in.
    rest = configured.get("ipSecurityRestrictionsDefaultAction", "Deny" if rules else "Allow")
    return str(rest) == "Allow"


def _meets(rule: dict[str, Any], address: str) -> bool:
    if rule.get("tag") == "ServiceTag":
        return origins.SERVICE_TAGS[rule["ipAddress"]].address == address
    # From inside of a network nobody comes with an address of these.
    return bool(address) and ip_address(address) in ip_network(rule["ipAddress"])
