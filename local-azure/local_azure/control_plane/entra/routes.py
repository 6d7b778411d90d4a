"""The login host: tokens for client credentials, v1 and v2, and what azure-identity looks up.

Interactive sign-in, refresh tokens and certificates are declined. Source of the shapes:
learn.microsoft.com, "OAuth 2.0 client credentials flow" and MSAL's instance discovery.
"""

from urllib.parse import parse_qsl
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, Router

from local_azure.control_plane.clock import Clock
from local_azure.control_plane.entra.directory import Directory, Principal
from local_azure.control_plane.entra.errors import (
    EntraError,
    InvalidScopeError,
    MissingCredentialError,
    MissingParameterError,
    TenantNotFoundError,
    UnsupportedGrantTypeError,
)
from local_azure.control_plane.entra.tokens import LIFETIME, Tokens
from local_azure.control_plane.web import router

_DEFAULT = "/.default"


class Login:
    """The token endpoints of one tenant."""

    def __init__(self, directory: Directory, tokens: Tokens, clock: Clock, tenant: str) -> None:
        self._directory = directory
        self._tokens = tokens
        self._clock = clock
        self._tenant = tenant

    def router(self) -> Router:
        """What the login host answers."""
        return router(
            [
                Route("/{tenant}/oauth2/token", self._token_v1, methods=["POST"]),
                Route("/{tenant}/oauth2/v2.0/token", self._token_v2, methods=["POST"]),
                Route("/common/discovery/instance", self._instance),
                Route("/{tenant}/v2.0/.well-known/openid-configuration", self._configuration),
            ],
            "The login host",
            "it issues tokens for client credentials",
        )

    async def _token_v1(self, request: Request) -> Response:
        try:
            form = await self._form(request)
            audience = _field(form, "resource")
            return self._grant(self._authenticated(form), audience, v1=True)
        except EntraError as error:
            return self._refusal(error)

    async def _token_v2(self, request: Request) -> Response:
        try:
            form = await self._form(request)
            scope = _field(form, "scope")
            if not scope.endswith(_DEFAULT) or " " in scope:
                raise InvalidScopeError(scope)
            return self._grant(self._authenticated(form), scope.removesuffix(_DEFAULT))
        except EntraError as error:
            return self._refusal(error)

    async def _form(self, request: Request) -> dict[str, str]:
        tenant = request.path_params["tenant"]
        if tenant.lower() != self._tenant:
            raise TenantNotFoundError(tenant)
        body = (await request.body()).decode("utf-8", "replace")
        return dict(parse_qsl(body, keep_blank_values=True))

    def _authenticated(self, form: dict[str, str]) -> Principal:
        grant_type = _field(form, "grant_type")
        if grant_type != "client_credentials":
            raise UnsupportedGrantTypeError(grant_type)
        client_id = _field(form, "client_id")
        if not form.get("client_secret"):
            raise MissingCredentialError
        return self._directory.authenticate(client_id, form["client_secret"])

    def _grant(self, principal: Principal, audience: str, *, v1: bool = False) -> Response:
        token = self._tokens.issue(principal, audience)
        answer: dict[str, str | int] = {
            "token_type": "Bearer",
            "expires_in": LIFETIME,
            "ext_expires_in": LIFETIME,
            "access_token": token.value,
        }
        if v1:
            # The v1 endpoint writes numbers as strings, and names the resource.
            answer |= {
                "expires_in": str(LIFETIME),
                "ext_expires_in": str(LIFETIME),
                "expires_on": str(token.expires_on),
                "not_before": str(token.expires_on - LIFETIME),
                "resource": audience,
            }
        return JSONResponse(answer, headers={"Cache-Control": "no-store"})

    def _refusal(self, error: EntraError) -> Response:
        trace, correlation, now = uuid4(), uuid4(), self._clock.now()
        description = (
            f"{error.description} Trace ID: {trace} Correlation ID: {correlation} "
            f"Timestamp: {now:%Y-%m-%d %H:%M:%SZ}"
        )
        body = {
            "error": error.error,
            "error_description": description,
            "error_codes": [error.code],
            "timestamp": f"{now:%Y-%m-%d %H:%M:%SZ}",
            "trace_id": str(trace),
            "correlation_id": str(correlation),
        }
        return JSONResponse(body, status_code=error.status)

    async def _instance(self, request: Request) -> Response:
        host = request.url.hostname
        return JSONResponse(
            {
                "tenant_discovery_endpoint": (
                    f"https://{host}/{self._tenant}/v2.0/.well-known/openid-configuration"
                ),
                "api-version": "1.1",
                "metadata": [
                    {"preferred_network": host, "preferred_cache": host, "aliases": [host]}
                ],
            }
        )

    async def _configuration(self, request: Request) -> Response:
        tenant = request.path_params["tenant"]
        base = f"https://{request.url.hostname}/{tenant}"
        return JSONResponse(
            {
                "issuer": f"{base}/v2.0",
                "token_endpoint": f"{base}/oauth2/v2.0/token",
                "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
                "jwks_uri": f"{base}/discovery/v2.0/keys",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
                "response_types_supported": ["token"],
            }
        )


def _field(form: dict[str, str], name: str) -> str:
    if not form.get(name):
        raise MissingParameterError(name)
    return form[name]
