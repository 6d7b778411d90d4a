"""Decimal numbers as .NET has them: 96 bits and a scale of up to 28 places.

The ways between decimal and double lose digits in .NET; they lose the same ones here.
"""

from __future__ import annotations

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
    message = f"{number} does not fit into a decimal."
    raise OverflowError(message)


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
    value = (float(mantissa & (2**64 - 1)) + float(mantissa >> 64) * 2.0**64) / 10.0 ** -int(
        exponent
    )
    return -value if sign else value


def _of_double(number: float) -> Decimal:
    if not math.isfinite(number):
        message = f"{number} does not fit into a decimal."
        raise OverflowError(message)
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
