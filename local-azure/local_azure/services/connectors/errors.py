"""What the connectors' runtime answers instead of success, one class each. Texts are UNVERIFIED."""

from starlette.responses import JSONResponse


class ConnectorError(Exception):
    """An answer other than success.

    Attributes:
        status: HTTP status.
    """

    status = 400

    def response(self) -> JSONResponse:
        """The answer on the wire."""
        return JSONResponse({"status": self.status, "message": str(self)}, self.status)


class BadMailError(ConnectorError):
    """The e-mail lacks something, or has what is not emulated."""


class NotAuthorisedError(ConnectorError):
    """Nobody has signed in for the connection yet."""

    status = 401

    def __init__(self, name: str) -> None:
        super().__init__(
            f"The connection '{name}' is not authenticated: a person has to authorise it. Here "
            f"`local-azure act authorise {name}` does that."
        )


class WrongKeyError(ConnectorError):
    """The caller is no action of a Logic App."""

    status = 403

    def __init__(self) -> None:
        super().__init__("The key of the connection is missing or wrong.")


class ConnectionNotFoundError(ConnectorError):
    """No connection has this id."""

    status = 404

    def __init__(self, identifier: str) -> None:
        super().__init__(f"There is no connection '{identifier}'.")
