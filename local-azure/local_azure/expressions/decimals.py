"""Numbers as .NET Core has them: decimals of 96 bits and up to 28 places, and a double's text.

The ways between decimal and double lose digits in .NET; they lose the same ones here.
"""

import math
from decimal import Context, Decimal

LARGEST = Decimal(2**96 - 1)
MOST_PLACES = 28
EXACT = Context(prec=100)
_KEPT_DIGITS = 15
_SMALLEST_POWER_OF_TWO = -94


def decimal_text(value: Decimal) -> str:
    """All of a decimal's digits, trailing zeros too; never the scientific form."""
    return format(value, "f")


def fitted(number: Decimal) -> Decimal:
    """The number rounded to as many places as fit.

    Raises:
        OverflowError: where even its whole part does not fit.
    """
    places = min(MOST_PLACES, max(0, -int(number.as_tuple().exponent)))
    while places >= 0:
        rounded = number.quantize(Decimal(1).scaleb(-places), context=EXACT)
        if rounded.copy_abs().scaleb(places, context=EXACT) <= LARGEST:
            return rounded or rounded.copy_abs()
        places -= 1
    raise OverflowError(f"{number} does not fit into a decimal.")


def as_decimal(number: float | Decimal) -> Decimal:
    """A number as a decimal; of a double some 15 digits.

    Raises:
        OverflowError: for a double that does not fit.
    """
    return _of_double(number) if isinstance(number, float) else Decimal(number)


def as_double(number: Decimal) -> float:
    """A decimal as a double, by one division of rounded parts."""
    sign, _, exponent = number.as_tuple()
    mantissa = int(number.copy_abs().scaleb(-int(exponent), context=EXACT))
    divisor = float(f"1e{-int(exponent)}")  # which 10.0 ** 23 is not
    value = (float(mantissa & (2**64 - 1)) + float(mantissa >> 64) * 2.0**64) / divisor
    return -value if sign else value


def _of_double(number: float) -> Decimal:
    if not math.isfinite(number):
        raise OverflowError(f"{number} does not fit into a decimal.")
    exponent = math.frexp(number)[1]
    if number == 0 or exponent < _SMALLEST_POWER_OF_TWO:
        return Decimal(0)
    places = min(_KEPT_DIGITS - 1 - ((exponent * 19728) >> 16), MOST_PLACES)
    scaled = abs(number)
    if places >= 0:
        scaled *= 10.0**places
    elif places != -1 or scaled >= 10.0**_KEPT_DIGITS:
        scaled /= 10.0**-places
    else:
        places = 0
    if scaled < 10.0 ** (_KEPT_DIGITS - 1) and places < MOST_PLACES:
        scaled *= 10
        places += 1
    kept = Decimal(round(scaled)).scaleb(-places, context=EXACT).normalize(EXACT)
    whole = kept if int(kept.as_tuple().exponent) <= 0 else kept.quantize(Decimal(1), context=EXACT)
    return fitted(whole.copy_negate() if number < 0 else whole)


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
