"""String functions. Case is ignored where the engine ignores it; positions count UTF-16 units."""

import uuid
from collections.abc import Callable

from local_azure.expressions.errors import ArgumentProblem
from local_azure.expressions.json_types import text
from local_azure.expressions.registry import declare, function
from local_azure.expressions.utf16 import joined, lower, units, upper

declare(
    {
        "concat(value: any, ...)": lambda *values: "".join(map(text, values)),
        "endsWith(text: string, end: string)": lambda whole, end: upper(whole).endswith(upper(end)),
        "toLower(text: string)": lower,
        "toUpper(text: string)": upper,
        "trim(text: string)": str.strip,
    }
)


@function("startsWith(text: string, start: string)")
def starts_with(whole: str, start: str) -> bool:
    """Whether a string starts with another, whatever the case."""
    return upper(whole).startswith(upper(start))


@function("indexOf(text: string, search: string)")
def index_of(whole: str, search: str) -> int:
    """Where a string first occurs in another, whatever the case; -1 where it does not."""
    return units(upper(whole)).find(units(upper(search)))


@function("split(text: string, delimiter: string)")
def split(whole: str, delimiter: str) -> list[str]:
    """The parts of a string between the delimiters; case counts."""
    return whole.split(delimiter) if delimiter else [whole]


@function("slice(text: string, start: integer, end?: integer)")
def slice_(whole: str, start: int, end: int | None = None) -> str:
    """The part of a string from one position up to another; negative ones count from the end."""
    return joined(units(whole)[start:end])


_LONGEST_INTEGER = 40  # digits; more than enough for 32 bits


def _guid_in_hexadecimal(value: uuid.UUID) -> str:
    low, middle, high = value.fields[:3]
    rest = ",".join(f"0x{byte:02x}" for byte in value.bytes[8:])
    return f"{{0x{low:08x},0x{middle:04x},0x{high:04x},{{{rest}}}}}"


_GUID_FORMATS: dict[str, Callable[[uuid.UUID], str]] = {
    "N": lambda value: value.hex,
    "D": str,
    "B": lambda value: f"{{{value}}}",
    "P": lambda value: f"({value})",
    "X": _guid_in_hexadecimal,
}


@function("guid(format?: string)")
def guid(pattern: str = "D") -> str:
    """A new GUID, in the format N, D, B, P or X."""
    if pattern not in _GUID_FORMATS:
        message = (
            f"format parameter '{pattern}' is not supported. "
            f"The supported formats are: '{', '.join(_GUID_FORMATS)}'."
        )
        raise ArgumentProblem(message)
    return _GUID_FORMATS[pattern](uuid.uuid4())


@function("lastIndexOf(text: string, search: string)")
def last_index_of(whole: str, search: str) -> int:
    """Where a string last occurs in another, whatever the case; -1 where it does not."""
    if not search:
        return max(len(units(whole)) - 1, 0)
    return units(upper(whole)).rfind(units(upper(search)))


@function("nthIndexOf(text: string, search: string, occurrence: integer)")
def nth_index_of(whole: str, search: str, occurrence: int) -> int:
    """Where a string occurs for the nth time; a negative n counts from the end."""
    if occurrence == 0:
        message = "expects its third parameter to be a non-zero integer. The provided value is '0'."
        raise ArgumentProblem(message)
    inside, wanted = units(upper(whole)), units(upper(search))
    if not wanted:
        return 0
    found = [at for at in range(len(inside)) if inside.startswith(wanted, at)]
    position = occurrence - 1 if occurrence > 0 else occurrence
    return found[position] if -len(found) <= position < len(found) else -1


@function("replace(text: string, old: string, new: string)")
def replace(whole: str, old: str, new: str) -> str:
    """A string with each occurrence of another replaced; case counts."""
    if not old:
        raise ArgumentProblem("expects its second parameter 'old' not to be empty.")
    return whole.replace(old, new)


@function("substring(text: string, start: integer, length?: integer)")
def substring(whole: str, start: int, length: int | None = None) -> str:
    """The part of a string of that length from that position, else to its end."""
    inside = units(whole)
    if not 0 <= start < len(inside):
        message = (
            "parameter is out of range: 'start' must be a non-negative integer and less than the "
            f"length of the string. Found {start}, the length is {len(inside)}."
        )
        raise ArgumentProblem(message)
    if length is None:
        return joined(inside[start:])
    if length < 0 or start + length > len(inside):
        message = (
            "parameters are out of range: 'start' and 'length' must be non-negative integers and "
            "their sum must be no larger than the length of the string. "
            f"Found {start} and {length}, the length is {len(inside)}."
        )
        raise ArgumentProblem(message)
    return joined(inside[start : start + length])


@function("isInt(text: string)")
def is_int(whole: str) -> bool:
    """Whether a string is an integer of 32 bits, a sign and spaces around allowed."""
    written = whole.strip()
    digits = written[1:] if written[:1] in ("+", "-") else written
    if not (digits.isascii() and digits.isdigit() and len(digits) <= _LONGEST_INTEGER):
        return False
    return -(2**31) <= int(written) < 2**31
