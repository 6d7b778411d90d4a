"""Conversion functions, but for JSON."""

import re
from typing import Any
from urllib.parse import quote, unquote_plus

from local_azure.expressions.content import (
    OCTETS,
    content,
    decode_base64,
    is_content,
)
from local_azure.expressions.errors import ArgumentProblem
from local_azure.expressions.json_types import compact, is_number, text, type_name
from local_azure.expressions.registry import declare, function
from local_azure.expressions.utf16 import utf8

EN_US = "en-US"
"""The one locale in which numbers and dates are written and read here."""
_DATA_URI = re.compile(r"data:([^,]*?)(;base64)?,(.*)", re.IGNORECASE | re.DOTALL)
_CHARSET = re.compile(r";\s*charset=([\w-]+)", re.IGNORECASE)
_LONGEST_INTEGER = 40  # digits; more than enough for 64 bits
_NUMBER = re.compile(r"([+-]?)(\d[\d,]*)?(?:\.(\d*))?([eE][+-]?\d+)?(-?)", re.ASCII)
_DATA_URI_CHARSETS = ("utf-8", "us-ascii")
_INTEGER = re.compile(r"([+-]?\d[\d,]*)(?:\.(0*))?(?:[eE]\+?(\d+))?", re.ASCII)


@function("base64(value: string|array|object)", "encodeBase64(value: string|array|object)")
def base64(value: Any) -> str:
    """A string's, or a value's JSON's, UTF-8 bytes in base64; binary content's own base64."""
    if is_content(value):
        return str(value["$content"])
    return str(content(utf8(text(value)))["$content"])


@function("base64ToString(value: string)", "decodeBase64(value: string)")
def base64_to_string(value: str) -> str:
    """The text that base64 stands for; bytes that are not UTF-8 become U+FFFD."""
    return _base64(value).decode("utf-8", "replace")


def _base64(value: str) -> bytes:
    try:
        return decode_base64(value)
    except ValueError as wrong:
        message = (
            "was invoked with a parameter that is not valid. The value cannot be decoded from "
            "base64 representation."
        )
        raise ArgumentProblem(message) from wrong


@function("binary(value: any)")
def binary(value: Any) -> dict[str, Any]:
    """Binary content of the value's text; binary content stays."""
    if value is None:
        raise _inconvertible(value)
    return value if is_content(value) else content(utf8(text(value)))


@function("bool(value: any)")
def bool_(value: Any) -> bool:
    """A number that is not 0, or the string "true", is true."""
    if isinstance(value, bool):
        return value
    if is_number(value):
        return bool(value != 0)
    if isinstance(value, str) and value.strip().lower() in ("true", "false"):
        return value.strip().lower() == "true"
    raise _inconvertible(value)


@function("int(value: any)")
def int_(value: Any) -> int:
    """A whole number of 64 bits from a number, a boolean or a string."""
    converted = _whole(value)
    if converted is None or not -(2**63) <= converted < 2**63:
        raise _inconvertible(value)
    return converted


def _whole(value: Any) -> int | None:
    if isinstance(value, str):
        match = _INTEGER.fullmatch(value.strip())
        exponent = int((match and match.group(3)) or 0)
        whole = match.group(1).replace(",", "") if match else ""
        if not 0 < len(whole) <= _LONGEST_INTEGER:
            return None
        # By way of a double, as the engine has it: digits beyond the 15th may become others.
        return int(float(int(whole) * 10 ** min(exponent, _LONGEST_INTEGER)))
    if isinstance(value, float):
        return int(value) if value == value // 1 else None
    return int(value) if isinstance(value, int) else None


def check_locale(name: str) -> None:
    """Refuse any other than en-US, by name.

    Raises:
        ArgumentProblem: it is another one.
    """
    if name.lower() != EN_US.lower():
        raise ArgumentProblem(f"knows no locale '{name}'; known is {EN_US}.")


@function("float(value: any, locale?: string)")
def float_(value: Any, locale: str | None = None) -> float:
    """A double from a number, a boolean, or a string as en-US writes it."""
    if isinstance(value, (bool, int, float)) and locale is None:
        return float(value)
    check_locale(EN_US if locale is None else locale)
    number = _number(value)
    if number is None:
        raise _inconvertible(value)
    return number


@function("isFloat(text: string, locale?: string)")
def is_float(written: str, locale: str = EN_US) -> bool:
    """Whether a string is a number as en-US writes it."""
    check_locale(locale)
    return _number(written) is not None


def _number(value: Any) -> float | None:
    if not isinstance(value, str):
        return None
    written = _plain_number(value.strip())
    try:
        return float(written) if written else None
    except ValueError:
        return None


def _plain_number(written: str) -> str | None:
    """The text in Python's notation, or None where it can't be a number."""
    if written == "NaN":
        return written
    match = _NUMBER.fullmatch(written)
    if match is None or not (match.group(2) or match.group(3)):
        return None
    sign, whole, fraction, exponent, trailing = match.groups()
    if sign and trailing:
        return None
    digits = (whole or "0").replace(",", "")
    return f"{sign or trailing}{digits}.{fraction or '0'}{exponent or ''}"


@function("dataUri(value: any)")
def data_uri(value: Any) -> str:
    """The value as a data URI; binary content keeps its type."""
    if value is None:
        raise _inconvertible(value)
    if is_content(value):
        return f"data:{value['$content-type']};base64,{value['$content']}"
    kind = "text/plain" if isinstance(value, str) else "application/json"
    return f"data:{kind};charset=utf-8;base64,{content(utf8(text(value)))['$content']}"


@function("dataUriToBinary(value: string)")
def data_uri_to_binary(value: str) -> dict[str, Any]:
    """Binary content of what a data URI carries, with its type."""
    content_type, data = _data_uri(value)
    return content(data, content_type or "text/plain")


@function("dataUriToString(value: string)", "decodeDataUri(value: string)")
def data_uri_to_string(value: str) -> str:
    """The text that a data URI carries."""
    content_type, data = _data_uri(value)
    match = _CHARSET.search(content_type)
    if match and match.group(1).lower() not in _DATA_URI_CHARSETS:
        message = (
            f"parameter is not valid. The provided charset '{match.group(1)}' is not supported."
        )
        raise ArgumentProblem(message)
    return data.decode("utf-8", "replace")


def _data_uri(value: str) -> tuple[str, bytes]:
    match = _DATA_URI.fullmatch(value)
    if match is None:
        message = (
            "expects its parameter to be formatted as a valid data URI. "
            f"The provided value '{value}' was not formatted correctly."
        )
        raise ArgumentProblem(message)
    content_type, in_base64, data = match.groups()
    return content_type, _base64(data) if in_base64 else utf8(unquote_plus(data))


def _inconvertible(value: Any) -> ArgumentProblem:
    shown = compact(value)
    found = f"{type_name(value)} '{shown}'" if value is not None else "null"
    return ArgumentProblem(
        "was invoked with a parameter that is not valid. "
        f"The value cannot be converted to the target type; found {found}.",
    )


@function("uriComponent(value: any, ...)", "encodeUriComponent(value: any, ...)")
def uri_component(*values: Any) -> str:
    """The texts of all values, percent-encoded but for letters, digits and ``-_.~``."""
    return quote(utf8("".join(map(text, values))), safe="-_.~")


@function("uriComponentToBinary(value: string)")
def uri_component_to_binary(value: str) -> dict[str, Any]:
    """Binary content of the text that a percent-encoded string stands for."""
    return content(utf8(unquote_plus(value)), OCTETS)


declare(
    {
        "array(value: any)": lambda value: value if isinstance(value, list) else [value],
        "createArray(value: any, ...)": lambda *values: list(values),
        "base64ToBinary(value: string)": lambda value: content(_base64(value)),
        "string(value: any)": text,
        # a plus is a space
        "uriComponentToString(value: string)": unquote_plus,
        "decodeUriComponent(value: string)": unquote_plus,
    }
)
