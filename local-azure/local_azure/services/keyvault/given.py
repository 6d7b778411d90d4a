"""The body of a call that sets a secret, read as D:key-vault/secrets/about-secrets describes it."""

from typing import Any

from local_azure.control_plane import strict_json
from local_azure.services.keyvault.errors import InvalidSecretError

_KEYS = frozenset({"value", "contentType", "tags", "attributes"})
_TIMES = ("nbf", "exp")
# The service sets them itself; a client that sends back what it was told changes nothing.
_READ_ONLY = frozenset({"created", "updated", "recoveryLevel", "recoverableDays"})
_LAST = 253_402_300_799
"""Seconds since 1970 that a client can still show: the end of the year 9999."""
_LONGEST_TYPE = 255
_MOST_TAGS, _LONGEST_TAG = 15, 256


def read(body: bytes) -> tuple[Any, dict[str, Any]]:
    """The value, and what was given about it: ``contentType``, ``tags``, ``attributes``.

    Raises:
        InvalidSecretError: no JSON object, or with something that no secret has.
    """
    try:
        given = strict_json.read(body)
    except ValueError as error:
        raise InvalidSecretError(f"The body is no JSON: {error}.") from None
    if not isinstance(given, dict):
        raise InvalidSecretError(f"The body is a JSON object; found {type(given).__name__}.")
    _refuse_others(given, _KEYS, "A secret")
    about = {key: value for key, value in given.items() if key != "value" and value is not None}
    if "attributes" in about:
        about["attributes"] = _attributes(about["attributes"])
    _check_type(about.get("contentType", ""))
    _check_tags(about.get("tags", {}))
    return given.get("value"), {key: value for key, value in about.items() if value}


def _attributes(given: Any) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise InvalidSecretError(f"attributes is an object; found {type(given).__name__}.")
    _refuse_others(given, {"enabled", *_TIMES, *_READ_ONLY}, "attributes")
    kept = {
        key: value for key, value in given.items() if key not in _READ_ONLY and value is not None
    }
    if not isinstance(kept.get("enabled", True), bool):
        raise InvalidSecretError(f"attributes.enabled is true or false; found {kept['enabled']!r}.")
    for key in _TIMES:
        if type(kept.get(key, 0)) is not int or not 0 <= kept.get(key, 0) <= _LAST:
            raise InvalidSecretError(f"attributes.{key} is a whole number of seconds since 1970.")
    return kept


def _check_type(given: Any) -> None:
    if not isinstance(given, str) or len(given) > _LONGEST_TYPE:
        raise InvalidSecretError(f"contentType is text of at most {_LONGEST_TYPE} characters.")


def _check_tags(given: Any) -> None:
    fits = isinstance(given, dict) and len(given) <= _MOST_TAGS
    if not fits or not all(
        isinstance(text, str) and len(text) <= _LONGEST_TAG
        for pair in given.items()
        for text in pair
    ):
        message = (
            f"tags are at most {_MOST_TAGS}, their names and values text of at most "
            f"{_LONGEST_TAG} characters."
        )
        raise InvalidSecretError(message)


def _refuse_others(given: dict[str, Any], accepted: frozenset[str] | set[str], what: str) -> None:
    if unknown := sorted(set(given) - accepted):
        message = f"{what} has {', '.join(sorted(accepted))}; found {', '.join(unknown)}."
        raise InvalidSecretError(message)
