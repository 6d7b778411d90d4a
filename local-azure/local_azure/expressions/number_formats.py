"""Numbers by .NET's standard formats (C, D, E, F, G, N, P, R, X), in en-US; see number_patterns.

As .NET Core does it: a double's exact value is rounded half to even, an integer half away from
zero.
"""

import math
import re
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, localcontext

from local_azure.expressions.decimals import as_double, double_text
from local_azure.expressions.number_patterns import format_by_pattern

_STANDARD = re.compile(r"([A-Za-z])(\d{0,2})")
_HIGH_PRECISION = 400


def format_number(number: float | Decimal, pattern: str) -> str:
    """The number as the format string says.

    Raises:
        ValueError: for a standard format that does not exist or does not fit the number.
    """
    number = as_double(number) if isinstance(number, Decimal) else number
    if isinstance(number, float) and not math.isfinite(number):
        return double_text(number).replace("Infinity", "∞")
    match = _STANDARD.fullmatch(pattern)
    if not pattern:
        return _general(number, "G", None)
    if match is None:
        return format_by_pattern(number, pattern)
    letter, digits = match.groups()
    precision = int(digits) if digits else None
    with localcontext() as exact:
        exact.prec = _HIGH_PRECISION
        return _standard(number, letter, precision)


def _standard(number: float, letter: str, precision: int | None) -> str:
    kind = letter.upper()
    if kind in "DX":
        return _integral(number, letter, precision or 0)
    if kind in "GR":
        return _general(number, letter, precision)
    if kind == "E":
        return _exponential(number, letter, precision)
    if kind not in "CFNP":
        message = f"knows no numeric format '{letter}'; known are C, D, E, F, G, N, P, R and X."
        raise ValueError(message)
    default = 2 if kind == "C" else 3
    return _with_places(number, kind, default if precision is None else precision)


def _with_places(number: float, kind: str, places: int) -> str:
    sign = _sign(number)
    written = _fixed(number, places, scale=2 if kind == "P" else 0)
    if kind == "F":
        return sign + written
    whole, point, fraction = written.partition(".")
    before, behind = "$" if kind == "C" else "", "%" if kind == "P" else ""
    return f"{sign}{before}{int(whole):,}{point}{fraction}{behind}"


def _sign(number: float) -> str:
    """The minus sign of a negative number, also of a double's negative zero."""
    return "-" if number < 0 or (number == 0 and math.copysign(1, number) < 0) else ""


def _integral(number: float, letter: str, width: int) -> str:
    if not isinstance(number, int):
        message = f"format '{letter}' is for integers only, found {number}."
        raise ValueError(message)  # noqa: TRY004 - one error for all that is wrong with a format
    if letter.upper() == "D":
        return ("-" if number < 0 else "") + str(abs(number)).rjust(width, "0")
    written = format(number % 2**64, letter)
    return written.rjust(width, "0")


def _fixed(number: float, places: int, scale: int = 0) -> str:
    """The absolute value with that many places, times 10 to the power of the scale."""
    rounding = ROUND_HALF_UP if isinstance(number, int) else ROUND_HALF_EVEN
    exact = Decimal(abs(number)).scaleb(scale)
    return format(exact.quantize(Decimal(1).scaleb(-places), rounding=rounding), "f")


def _general(number: float, letter: str, precision: int | None) -> str:
    if isinstance(number, int):
        if not precision or len(str(abs(number))) <= precision:
            return str(number)
    elif not precision or letter in "Rr":
        return double_text(number)
    return _significant(number, precision, "e" if letter == "g" else "E")


def _significant(number: float, precision: int, mark: str) -> str:
    digits, exponent = _rounded(number, precision)
    sign, digits = _sign(number), digits.rstrip("0") or "0"
    if exponent >= precision or exponent < -5:  # noqa: PLR2004 - where .NET turns to exponents
        mantissa = digits[0] + (f".{digits[1:]}" if digits[1:] else "")
        return f"{sign}{mantissa}{mark}{'-' if exponent < 0 else '+'}{abs(exponent):02d}"
    if exponent < 0:
        return f"{sign}0.{'0' * (-exponent - 1)}{digits}"
    whole = digits[: exponent + 1].ljust(exponent + 1, "0")
    return sign + whole + (f".{digits[exponent + 1 :]}" if digits[exponent + 1 :] else "")


def _exponential(number: float, letter: str, precision: int | None) -> str:
    digits, exponent = _rounded(number, (6 if precision is None else precision) + 1)
    mantissa = digits[0] + (f".{digits[1:]}" if digits[1:] else "")
    return f"{_sign(number)}{mantissa}{letter}{'-' if exponent < 0 else '+'}{abs(exponent):03d}"


def _rounded(number: float, precision: int) -> tuple[str, int]:
    """So many significant digits, and the exponent of the first."""
    exact = Decimal(abs(number))
    if exact == 0:
        return "0" * precision, 0
    exponent = exact.adjusted()
    rounding = ROUND_HALF_UP if isinstance(number, int) else ROUND_HALF_EVEN
    rounded = exact.quantize(Decimal(1).scaleb(exponent - precision + 1), rounding=rounding)
    digits = "".join(map(str, rounded.as_tuple().digits))
    return digits[:precision], rounded.adjusted()
