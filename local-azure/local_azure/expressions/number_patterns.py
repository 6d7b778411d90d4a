"""Numbers by .NET's custom formats: ``0 # . , % ‰ e+0``, literals and up to three sections.

A custom format sees 15 digits of a double, and rounds half away from zero.
"""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext

_TOKEN = re.compile(
    r"\\(?P<escaped>.?)|(?P<quote>['\"])(?P<quoted>.*?)(?:(?P=quote)|\Z)"
    r"|(?P<exponent>[eE][+-]?0+)|(?P<mark>.)",
    re.DOTALL,
)
_LITERALS = ("escaped", "quoted")
_MARKS = {"0": "digit", "#": "digit", ".": "point", ",": "comma", "%": "scale", "‰": "scale"}
_HIGH_PRECISION = 400


@dataclass
class _Section:
    """One section of a custom format, e.g. the negative one in ``0.0;(0.0);zero``."""

    tokens: list[tuple[str, str]]

    @property
    def percent(self) -> int:
        """By how many powers of ten the number is scaled up: ``%`` two, ``‰`` three."""
        return sum({"%": 2, "‰": 3}.get(text, 0) for kind, text in self.tokens if kind == "scale")

    def digits(self) -> tuple[list[str], list[str]]:
        """The placeholders before and after the point."""
        marks = [text for kind, text in self.tokens if kind in ("digit", "point")]
        if "." in marks:
            at = marks.index(".")
            return marks[:at], [mark for mark in marks[at + 1 :] if mark != "."]
        return marks, []


def format_by_pattern(number: float, pattern: str) -> str:
    """The number as a custom format says, e.g. ``#,##0.00`` or ``0.0;(0.0);zero``."""
    with localcontext() as exact:
        exact.prec = _HIGH_PRECISION
        value = Decimal(number) if isinstance(number, int) else Decimal(f"{number:.14e}")
        sections = _sections(pattern)
        section, sign = _chosen(value, sections)
        written = _apply(abs(value), section)
        return sign + written if any(map(str.isdigit, written)) else written


def _chosen(value: Decimal, sections: list[_Section]) -> tuple[_Section, str]:
    sign = "-" if value.is_signed() else ""
    if len(sections) > 1 and sections[1].tokens and value < 0:
        return (sections[1], "") if not _is_zero(-value, sections[1]) else (sections[-1], "")
    if len(sections) > 2 and _is_zero(abs(value), sections[0]):  # noqa: PLR2004 - ;;zero
        return sections[2], ""
    return sections[0], sign


def _is_zero(value: Decimal, section: _Section) -> bool:
    places = len(section.digits()[1])
    scaled = value.scaleb(section.percent - 3 * _commas(section))
    return scaled.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP) == 0


def _sections(pattern: str) -> list[_Section]:
    """The pattern's tokens, cut at its semicolons."""
    sections = [_Section([])]
    for match in _TOKEN.finditer(pattern):
        kind, text = str(match.lastgroup), match[str(match.lastgroup)]
        if (kind, text) == ("mark", ";"):
            sections.append(_Section([]))
        else:
            kind = _MARKS.get(text, "text") if kind == "mark" else kind
            sections[-1].tokens.append(("text" if kind in _LITERALS else kind, text))
    return sections[:3]


def _commas(section: _Section) -> int:
    """How many commas stand right before the point: each divides by a thousand."""
    marks = [text for kind, text in section.tokens if kind in ("digit", "point", "comma")]
    at = marks.index(".") if "." in marks else len(marks)
    count = 0
    while at - count - 1 >= 0 and marks[at - count - 1] == ",":
        count += 1
    return count


def _thousands(section: _Section) -> bool:
    """Whether a comma stands between two digits of the whole part."""
    marks = [text for kind, text in section.tokens if kind in ("digit", "point", "comma")]
    at = marks.index(".") if "." in marks else len(marks)
    return re.search(r"[0#],+[0#]", "".join(marks[:at])) is not None


def _apply(value: Decimal, section: _Section) -> str:
    whole_marks, fraction_marks = section.digits()
    scaled = value.scaleb(section.percent - 3 * _commas(section))
    exponent = next((text for kind, text in section.tokens if kind == "exponent"), None)
    power = 0
    if exponent is not None and whole_marks:
        power = scaled.adjusted() - len(whole_marks) + 1 if scaled else 0
        scaled = scaled.scaleb(-power)
    places = Decimal(1).scaleb(-len(fraction_marks))
    rounded = scaled.quantize(places, rounding=ROUND_HALF_UP)
    if exponent is not None and rounded and rounded.adjusted() >= len(whole_marks):
        power += 1
        rounded = scaled.scaleb(-1).quantize(places, rounding=ROUND_HALF_UP)
    whole, _, fraction = format(rounded, "f").partition(".")
    return _filled(section, _Digits(whole, fraction, whole_marks, fraction_marks), power)


@dataclass
class _Digits:
    """The number's digits and the placeholders that they go to."""

    whole: str
    fraction: str
    whole_marks: list[str]
    fraction_marks: list[str]

    def placed(self, *, thousands: bool) -> tuple[list[str], list[str]]:
        """What each placeholder prints, the first one all surplus digits too."""
        first_zero = next((at for at, m in enumerate(self.whole_marks) if m == "0"), None)
        width = len(self.whole_marks) - first_zero if first_zero is not None else 0
        digits = (self.whole.lstrip("0") or "").rjust(width, "0")
        if thousands:
            digits = _with_groups(digits)
        cells = _cells(digits, len(self.whole_marks))
        last_zero = max((at for at, m in enumerate(self.fraction_marks) if m == "0"), default=-1)
        kept = self.fraction.rstrip("0").ljust(last_zero + 1, "0")
        return cells, list(kept.ljust(len(self.fraction_marks), "\0"))


def _with_groups(digits: str) -> str:
    reversed_digits = digits[::-1]
    groups = [reversed_digits[at : at + 3] for at in range(0, len(digits), 3)]
    return ",".join(groups)[::-1]


def _cells(digits: str, count: int) -> list[str]:
    """The digits dealt out from the right; the first cell takes what is left over."""
    cells: list[str] = []
    rest = digits
    for _ in range(count - 1):
        size = 2 if rest[-2:-1] == "," else 1
        cells.append(rest[-size:] if rest else "")
        rest = rest[:-size] if rest else ""
    return [*([rest] if count else []), *cells[::-1]]


def _filled(section: _Section, digits: _Digits, power: int) -> str:
    whole, fraction = digits.placed(thousands=_thousands(section))
    parts: list[str] = []
    seen_point = False
    for kind, text in section.tokens:
        if kind == "digit":
            cells = fraction if seen_point else whole
            parts.append((cells.pop(0) if cells else "").replace("\0", ""))
        elif kind == "point":
            if not seen_point and any(cell != "\0" for cell in fraction):
                parts.append(".")
            seen_point = True
        elif kind == "exponent":
            parts.append(_exponent_text(text, power))
        elif kind in ("text", "scale"):
            parts.append(text)
    return "".join(parts)


def _exponent_text(mark: str, power: int) -> str:
    sign = "-" if power < 0 else "+" if "+" in mark else ""
    return f"{mark[0]}{sign}{str(abs(power)).rjust(mark.count('0'), '0')}"
