"""The text of a double, as .NET Core has it."""

import math
from decimal import Decimal

_LONGEST_PLAIN = 17  # digits before the point; beyond, the scientific form
_SMALLEST_PLAIN = -4  # exponent of 0.0001; below, the scientific form


def double_text(value: float) -> str:
    """The shortest text that reads back as the same double, e.g. "1", "0.1", "1E+20"."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0:
        return "-0" if math.copysign(1, value) < 0 else "0"
    digits, exponent = _digits(value)
    sign = "-" if value < 0 else ""
    if _SMALLEST_PLAIN <= exponent < _LONGEST_PLAIN:
        return sign + _plain(digits, exponent)
    return sign + _scientific(digits, exponent)


def _digits(value: float) -> tuple[str, int]:
    """Significant digits, and the exponent of the first one."""
    _, digits, exponent = Decimal(repr(abs(value))).as_tuple()
    written = "".join(map(str, digits))
    first = len(written) + int(exponent) - 1
    return written.rstrip("0") or "0", first


def _plain(digits: str, exponent: int) -> str:
    if exponent < 0:
        return "0." + "0" * (-exponent - 1) + digits
    whole, fraction = digits[: exponent + 1], digits[exponent + 1 :]
    whole = whole.ljust(exponent + 1, "0")
    return f"{whole}.{fraction}" if fraction else whole


def _scientific(digits: str, exponent: int) -> str:
    mantissa = digits[0] + (f".{digits[1:]}" if digits[1:] else "")
    return f"{mantissa}E{'+' if exponent > 0 else '-'}{abs(exponent):02d}"
