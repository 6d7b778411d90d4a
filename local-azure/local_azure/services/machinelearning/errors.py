"""The errors of batch endpoints: one class for each wire error, and why a job failed.

The body is the one recorded of the same component, ``managementfrontend``, on Resource Manager's
host (2023-10-01): the code at the top is always ``UserError``, the one that tells something is the
innermost of ``InnerError``. Which codes these are is UNVERIFIED but for ``EndpointNotFound``.
"""

from datetime import datetime
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from local_azure.control_plane.clock import iso, offset
from local_azure.errors import WordedError


class MachineLearningError(WordedError):
    """A refused request.

    Attributes:
        status: HTTP status.
        code: the error's innermost code; empty where the status says it all.
    """

    status = 400
    code = ""

    def body(self, region: str, now: datetime) -> dict[str, Any]:
        """What goes over the wire from a region; what is not emulated says so at the top."""
        code = self.code if self.status == HTTPStatus.NOT_IMPLEMENTED else "UserError"
        inner = {"InnerError": inner_error(self.status, self.code)}
        more = additional_info(region, now, **inner)
        error = {"code": code, "message": str(self), "details": [], "additionalInfo": more}
        return {"error": error}


def additional_info(region: str, now: datetime, **more: Any) -> list[dict[str, Any]]:
    """What each refusal of machine learning's own part says about itself."""
    told = {
        "ComponentName": "managementfrontend",
        "Correlation": {"operation": uuid4().hex, "request": uuid4().hex[:16]},
        "Environment": region,
        "Location": region,
        "Time": offset(iso(now)),
        **more,
    }
    return [{"type": kind, "info": {"value": value}} for kind, value in told.items()]


def inner_error(status: int, code: str) -> dict[str, Any]:
    """The code that tells something, below the status's own."""
    outer = HTTPStatus(status).phrase.title().replace(" ", "")
    return {"code": outer, "innerError": {"code": code, "innerError": None} if code else None}


class InvalidRequestError(MachineLearningError):
    """The request itself is at fault: sent again as it is, it is refused again."""


class UnauthorizedError(MachineLearningError):
    """The token is missing, or not one for this service."""

    status = 401


class NetworkDeniedError(MachineLearningError):
    """A call from outside to a workspace that is not public (MicrosoftDocs/azure-docs#90426).

    That was answered with 502 through a gateway; the status is UNVERIFIED.
    """

    status = 403
    said = "Access to workspace was denied based on workspace private link configuration."


class EndpointNotFoundError(MachineLearningError):
    """No batch endpoint has this host name."""

    status = 404
    code = "EndpointNotFound"
    said = "There is no batch endpoint '{endpoint}' in the region '{region}'."


class NoDeploymentError(MachineLearningError):
    """The endpoint has no default, and the request names no deployment.

    The sentence is Azure's (D:machine-learning/how-to-troubleshoot-batch-endpoints); the status is
    UNVERIFIED for batch endpoints (online ones answer 404).
    """

    status = 404
    code = "NoValidDeployment"
    said = (
        "No valid deployments to route to. Please check that the endpoint has at least one "
        "deployment with positive weight values or use a deployment specific header to route."
    )


class DeploymentNotFoundError(MachineLearningError):
    """The endpoint has no deployment of this name."""

    status = 404
    code = "DeploymentNotFound"
    said = (
        "The batch endpoint '{endpoint}' has no deployment '{deployment}'. Name one of its "
        "own in the header azureml-model-deployment, or leave it out for the default."
    )


class JobNotFoundError(MachineLearningError):
    """The endpoint has no job of this name."""

    status = 404
    code = "JobNotFound"
    said = "The batch endpoint '{endpoint}' has no job '{job}'."


class RunNotFoundError(MachineLearningError):
    """The workspace has no run of this id, or there is no such workspace or endpoint."""

    status = 404
    code = "RunNotFound"
    said = "There is no '{name}'."


class JobExistsError(MachineLearningError):
    """A job of this name exists already (that Azure answers 409 is UNVERIFIED)."""

    status = 409
    code = "JobAlreadyExists"
    # Resource Manager's words for it, its unfilled {property} as well (azure-sdk-for-python
    # issue 42156), and ours behind.
    said = (
        "A job with this name already exists. If you are trying to create a new job, use a "
        "different name. If you are trying to update an existing job, the existing job's "
        "{{property}} cannot be changed. Only description, tags, displayName, properties, and "
        "isArchived can be updated. The job is '{job}'; leave 'name' out, or choose another."
    )


class BodyTooLargeError(MachineLearningError):
    """The request body is larger than any invocation is."""

    status = 413
    code = "RequestTooLarge"
    said = "The request body is larger than {limit} bytes."


class MediaTypeError(MachineLearningError):
    """The body is told to be something else than JSON."""

    status = 415
    code = "UnsupportedMediaType"
    said = "Content-Type is {found!r}; accepted: 'application/json'."


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
