"""What the trigger's URL answers when it starts no run, or when a run answered nothing.

Bodies are ``{"error": {"code", "message"}}``. Codes seen in public reports are marked; the others
are UNVERIFIED.
"""

from local_azure.errors import WordedError


class TriggerError(WordedError):
    """An answer of the service itself.

    Attributes:
        status: HTTP status.
        code: the error's code.
    """

    status = 400
    code = "BadRequest"


class AuthorizationRequiredError(TriggerError):
    """The URL carries no signature (code and sentence seen in reports)."""

    status = 401
    code = "DirectApiAuthorizationRequired"
    said = "The request must be authenticated only by Shared Access scheme."


class TwoAuthorizationsError(TriggerError):
    """An Authorization header came beside a signature (code and sentence seen in a report)."""

    code = "DirectApiRequestHasMoreThanOneAuthorization"
    said = (
        "The request has both SAS authentication scheme and '{scheme}' authorization scheme. "
        "Only one scheme should be used."
    )


class InvalidSignatureError(TriggerError):
    """The URL's signature is not the trigger's (code UNVERIFIED)."""

    status = 401
    code = "DirectApiInvalidSharedAccessSignature"
    said = (
        "The signature in the request's query is not that of this trigger; look the callback "
        "URL up again."
    )


class WorkflowNotFoundError(TriggerError):
    """There is no such workflow (code seen in reports)."""

    status = 404
    code = "WorkflowNotFound"
    said = "The workflow '{workflow}' could not be found."


class TriggerNotFoundError(TriggerError):
    """The workflow has no such trigger."""

    status = 404
    code = "WorkflowTriggerNotFound"
    said = "The workflow '{workflow}' trigger '{trigger}' could not be found."


class WorkflowDisabledError(TriggerError):
    """The workflow is switched off (status and sentence seen in reports)."""

    code = "WorkflowTriggerIsNotEnabled"
    said = (
        "Could not execute workflow '{workflow}' trigger '{trigger}' with state 'Disabled': "
        "trigger is not enabled."
    )


class MethodNotAllowedError(TriggerError):
    """Another method than the trigger's (status UNVERIFIED)."""

    status = 405
    code = "TriggerRequestMethodNotValid"
    said = "The request's method '{method}' is not valid for the trigger; expected '{expected}'."


class InvalidContentError(TriggerError):
    """The body is not what its content type says."""

    code = "InvalidRequestContent"
    said = "The request content is not valid and could not be deserialized: '{why}'."


class SchemaMismatchError(TriggerError):
    """The body does not fit the trigger's schema, which is to be enforced (code seen)."""

    code = "TriggerInputSchemaMismatch"
    said = (
        "The input body for trigger '{trigger}' of type 'Request' did not match its schema "
        "definition. Error details: '{why}'."
    )


class SplitError(TriggerError):
    """What ``splitOn`` names can't be split, or the trigger's conditions can't be evaluated."""

    code = "InvalidTemplate"


class NoResponseError(TriggerError):
    """The run ended without a response, which its workflow has (code seen in reports)."""

    status = 502
    code = "NoResponse"
    said = (
        "The server did not receive a response from an upstream server. "
        "Request tracking id '{run}'."
    )


class ResponseTimeoutError(TriggerError):
    """No response came in time (code seen in reports)."""

    status = 504
    code = "GatewayTimeout"
    said = (
        "The server did not receive a response from an upstream server within the time limit. "
        "Request tracking id '{run}'."
    )


class ContentNotFoundError(TriggerError):
    """No run's history holds this (code UNVERIFIED)."""

    status = 404
    code = "WorkflowRunContentNotFound"
    said = "There is no content '{content}'."
