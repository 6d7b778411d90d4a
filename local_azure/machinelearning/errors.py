"""The errors of batch endpoints: one class for each wire error, and why a job failed.

That the body is ``{"error": {code, message, details}}`` is documented; the codes are UNVERIFIED.
"""

from __future__ import annotations

from typing import Any


class MachineLearningError(Exception):
    """A refused request.

    Attributes:
        status: HTTP status.
        code: the error's code.
    """

    status = 400
    code = "UserError"

    @property
    def body(self) -> dict[str, Any]:
        """What goes over the wire."""
        return {"error": {"code": self.code, "message": str(self), "details": []}}


class InvalidRequestError(MachineLearningError):
    """The request itself is at fault: sent again as it is, it is refused again."""


class UnauthorizedError(MachineLearningError):
    """The token is missing, or not one for this service."""

    status = 401
    code = "Unauthorized"


class EndpointNotFoundError(MachineLearningError):
    """No batch endpoint has this host name."""

    status = 404
    code = "EndpointNotFound"

    def __init__(self, endpoint: str, region: str) -> None:
        super().__init__(f"There is no batch endpoint '{endpoint}' in the region '{region}'.")


class NoDeploymentError(MachineLearningError):
    """The endpoint has no default, and the request names no deployment.

    The sentence is Azure's (D:machine-learning/how-to-troubleshoot-batch-endpoints); the status is
    UNVERIFIED for batch endpoints (online ones answer 404).
    """

    status = 404
    code = "NoValidDeployment"

    def __init__(self) -> None:
        super().__init__(
            "No valid deployments to route to. Please check that the endpoint has at least one "
            "deployment with positive weight values or use a deployment specific header to route."
        )


class DeploymentNotFoundError(MachineLearningError):
    """The endpoint has no deployment of this name."""

    status = 404
    code = "DeploymentNotFound"

    def __init__(self, endpoint: str, deployment: str) -> None:
        super().__init__(
            f"The batch endpoint '{endpoint}' has no deployment '{deployment}'. Name one of its "
            "own in the header azureml-model-deployment, or leave it out for the default."
        )


class JobNotFoundError(MachineLearningError):
    """The endpoint has no job of this name."""

    status = 404
    code = "JobNotFound"

    def __init__(self, endpoint: str, job: str) -> None:
        super().__init__(f"The batch endpoint '{endpoint}' has no job '{job}'.")


class JobExistsError(MachineLearningError):
    """A job of this name exists already (that Azure answers 409 is UNVERIFIED)."""

    status = 409
    code = "JobAlreadyExists"

    def __init__(self, job: str) -> None:
        super().__init__(f"A job '{job}' exists already; leave 'name' out or choose another one.")


class BodyTooLargeError(MachineLearningError):
    """The request body is larger than any invocation is."""

    status = 413
    code = "RequestTooLarge"

    def __init__(self, limit: int) -> None:
        super().__init__(f"The request body is larger than {limit} bytes.")


class MediaTypeError(MachineLearningError):
    """The body is told to be something else than JSON."""

    status = 415
    code = "UnsupportedMediaType"

    def __init__(self, found: str) -> None:
        super().__init__(f"Content-Type is {found!r}; accepted: 'application/json'.")


class NotEmulatedError(MachineLearningError):
    """It exists in Azure but not here."""

    status = 501
    code = "NotEmulated"


def forbidden(reason: str) -> str:
    """The answer to a caller that lacks an action: text and no JSON, as recorded.

    Args:
        reason: principal, action and scope, of which Azure does not tell.
    """
    page = "https://learn.microsoft.com/en-us/azure/machine-learning"
    sentence = f"please review {page}/how-to-authenticate-online-endpoint"
    return f"Microsoft Entra Token denied by policy, {sentence}\n{reason}"


class JobFailedError(Exception):
    """Why a job ended as Failed; the message is for the person who reads its log."""
