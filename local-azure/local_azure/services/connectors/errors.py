"""What the connectors' runtime answers instead of success, one class each. Texts are UNVERIFIED."""

from starlette.responses import JSONResponse

from local_azure.control_plane.web import WireError


class ConnectorError(WireError):
    """An answer other than success."""

    def response(self) -> JSONResponse:
        """The answer on the wire."""
        return JSONResponse({"status": self.status, "message": str(self)}, self.status)


class BadMailError(ConnectorError):
    """The e-mail lacks something, or has what is not emulated."""


class NotAuthorisedError(ConnectorError):
    """Nobody has signed in for the connection yet."""

    status = 401
    said = (
        "The connection '{name}' is not authenticated: a person has to authorise it. Here "
        "`local-azure act authorise {name}` does that."
    )


class WrongKeyError(ConnectorError):
    """The caller is no action of a Logic App."""

    status = 403
    said = "The key of the connection is missing or wrong."


class ConnectionNotFoundError(ConnectorError):
    """No connection has this id."""

    status = 404
    said = "There is no connection '{identifier}'."


class UnknownConnectionError(ConnectionNotFoundError):
    """No connection has the name that a person gave."""

    said = "There is no connection '{name}'; there are: {known}."
