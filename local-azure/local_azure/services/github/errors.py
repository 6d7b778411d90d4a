"""What GitHub answers instead of success, one class each.

Source: docs.github.com, rest/repos/repos "Create a repository dispatch event" and
rest/using-the-rest-api/troubleshooting-the-rest-api. Texts are UNVERIFIED.
"""

from starlette.responses import JSONResponse

from local_azure.control_plane.web import WireError


class GitHubError(WireError):
    """An answer other than success."""

    def response(self) -> JSONResponse:
        """The answer on the wire."""
        return JSONResponse({"message": str(self), "status": str(self.status)}, self.status)


class RequiresAuthenticationError(GitHubError):
    """There is no token."""

    status = 401
    said = "Requires authentication: a token in the header Authorization."


class NoUserAgentError(GitHubError):
    """The caller does not say who it is."""

    status = 403
    said = "Request forbidden: it needs a header User-Agent."


class InvalidDispatchError(GitHubError):
    """The dispatch is not of the form that it must have."""

    status = 422
