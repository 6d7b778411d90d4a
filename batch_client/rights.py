"""Which role is missing when a step is refused, and how this program gives it.

Storage answers 403 without a word on the role; batch endpoints and Resource Manager name an action.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus

from azure.core.exceptions import AzureError, ClientAuthenticationError, HttpResponseError

from batch_client.answers import NotThereError, RefusedError, not_signed_in
from batch_client.errors import ClientError

INVOKE = "the role '<project>-<stack> batch endpoint invoker …' of this program, or AzureML Data "
INVOKE += "Scientist"
WRITE_BLOBS = "Storage Blob Data Contributor"
READ_BLOBS = "Storage Blob Data Reader"
RUN_PIPELINES = "the role '<project>-<stack> pipeline runner …' of this program, or Data Factory "
RUN_PIPELINES += "Contributor"
OPERATE = "the role '<project>-<stack> operator …' of this program, or "
READ = "Reader"

_REFUSALS = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
_CLOSED = "private link configuration"
_FIREWALL = "This request is not authorized to perform this operation"
"""All of what a storage account's firewall says; where a role is missing the sentence goes on."""
_OUTSIDE = (
    "You are outside of its network, and no role helps: call from inside, or have your address put "
    "under `network.allowed_addresses` in the stack file, which opens storage alone, and not to "
    "machines of Azure in its own region."
)


class MissingRoleError(ClientError):
    """Whoever is signed in may not do a step."""


class GoneError(ClientError):
    """What a step is about is not there."""


@dataclass(frozen=True)
class Need:
    """What a step needs.

    Attributes:
        step: what is done, such as ``upload``.
        role: the role that allows it.
        scope: on what, in words.
        setting: the key in the stack file that gives it; empty if none does.
    """

    step: str
    role: str
    scope: str
    setting: str = ""

    def refused(self, reason: str) -> MissingRoleError:
        """The error for a refusal in the service's own words."""
        told = reason.strip().rstrip(".")
        if _CLOSED in told or told == _FIREWALL:
            return MissingRoleError(f"You may not {self.step}: {told}. {_OUTSIDE}")
        way = f" `{self.setting}` in the stack file gives it." if self.setting else ""
        return MissingRoleError(
            f"You may not {self.step}: {told}. Needed: {self.role} on {self.scope}.{way} "
            "A new role takes some minutes to be effective."
        )


@contextmanager
def needing(need: Need) -> Iterator[None]:
    """Name the role where a step inside is refused.

    Raises:
        MissingRoleError: it was refused.
        GoneError: storage has no such thing.
        ClientError: nobody is signed in, or it failed for another reason.
    """
    try:
        yield
    except RefusedError as refusal:
        if refusal.status in _REFUSALS:
            raise need.refused(refusal.reason) from None
        raise
    except ClientAuthenticationError as error:
        if getattr(error, "response", None) is not None:
            raise need.refused(_sentence(error)) from None
        raise not_signed_in(error) from None
    except HttpResponseError as error:
        if error.status_code in _REFUSALS:
            raise need.refused(_sentence(error)) from None
        message = f"It was not possible to {need.step}: {_sentence(error)}"
        gone = error.status_code == HTTPStatus.NOT_FOUND
        raise (GoneError if gone else ClientError)(message) from None
    except AzureError as error:
        message = f"It was not possible to {need.step}, the connection was lost: {error}"
        raise ClientError(message) from None


@contextmanager
def telling(untold: list[str], what: str) -> Iterator[None]:
    """What may not be read inside, or is gone, is told, and the rest is looked at."""
    try:
        yield
    except (MissingRoleError, GoneError, NotThereError) as refusal:
        untold.append(f"{what} could not be read. {refusal}")


def _sentence(error: HttpResponseError) -> str:
    if getattr(error, "error_code", None) == "AuthorizationFailure":
        return _FIREWALL  # the answer to a HEAD has no words
    return str(error.message).strip().partition("\n")[0]
