"""How a culture writes dates and numbers: the few that a template of this project may name.

The values are .NET's with CLDR 42 data, but for one: en-US times have an ordinary space before
AM and PM. A culture that is not in the table is refused by name, never replaced by another.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Culture:
    """A culture's patterns and names; the defaults are the invariant culture's."""

    months: tuple[str, ...]
    short_months: tuple[str, ...]
    days: tuple[str, ...]
    short_days: tuple[str, ...]
    short_date: str = "MM/dd/yyyy"
    long_date: str = "dddd, dd MMMM yyyy"
    short_time: str = "HH:mm"
    long_time: str = "HH:mm:ss"
    month_day: str = "MMMM dd"
    year_month: str = "yyyy MMMM"
    am: str = "AM"
    pm: str = "PM"
    date_separator: str = "/"
    era: str = "A.D."
    point: str = "."
    group: str = ","
    currency: str = "¤"
    currency_digits: int = 2
    positive_currency: str = "$n"
    negative_currency: str = "-$n"
    percent: str = "n%"
    number_digits: int = 3


def _names(names: str) -> tuple[str, ...]:
    return tuple(names.split())


_ENGLISH_MONTHS = _names(
    "January February March April May June July August September October November December",
)
_ENGLISH_SHORT = _names("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec")
_ENGLISH_DAYS = _names("Sunday Monday Tuesday Wednesday Thursday Friday Saturday")
_ENGLISH_SHORT_DAYS = _names("Sun Mon Tue Wed Thu Fri Sat")

_CULTURES = {
    "": Culture(
        _ENGLISH_MONTHS,
        _ENGLISH_SHORT,
        _ENGLISH_DAYS,
        _ENGLISH_SHORT_DAYS,
        number_digits=2,
        percent="n %",
        negative_currency="(¤n)",
    ),
    "en-us": Culture(
        _ENGLISH_MONTHS,
        _ENGLISH_SHORT,
        _ENGLISH_DAYS,
        _ENGLISH_SHORT_DAYS,
        short_date="M/d/yyyy",
        long_date="dddd, MMMM d, yyyy",
        short_time="h:mm tt",
        long_time="h:mm:ss tt",
        month_day="MMMM d",
        year_month="MMMM yyyy",
        era="AD",
        currency="$",
    ),
    "en-gb": Culture(
        _ENGLISH_MONTHS,
        _names("Jan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec"),
        _ENGLISH_DAYS,
        _ENGLISH_SHORT_DAYS,
        short_date="dd/MM/yyyy",
        long_date="dddd, d MMMM yyyy",
        month_day="d MMMM",
        year_month="MMMM yyyy",
        am="am",
        pm="pm",
        era="AD",
        currency="£",
    ),
    "de-de": Culture(
        _names(
            "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
        ),
        _names("Jan Feb Mär Apr Mai Jun Jul Aug Sep Okt Nov Dez"),
        _names("Sonntag Montag Dienstag Mittwoch Donnerstag Freitag Samstag"),
        _names("So Mo Di Mi Do Fr Sa"),
        short_date="dd.MM.yyyy",
        long_date="dddd, d. MMMM yyyy",
        month_day="d. MMMM",
        year_month="MMMM yyyy",
        date_separator=".",
        era="n. Chr.",
        point=",",
        group=".",
        currency="€",
        positive_currency="n $",
        negative_currency="-n $",
        percent="n %",
    ),
    "fr-fr": Culture(
        _names(
            "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        ),
        _names("janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc."),
        _names("dimanche lundi mardi mercredi jeudi vendredi samedi"),
        _names("dim. lun. mar. mer. jeu. ven. sam."),
        short_date="dd/MM/yyyy",
        long_date="dddd d MMMM yyyy",
        month_day="d MMMM",
        year_month="MMMM yyyy",
        era="ap. J.-C.",
        point=",",
        group="\u202f",
        currency="€",
        positive_currency="n $",
        negative_currency="-n $",
        percent="n %",
    ),
    "es-es": Culture(
        _names(
            "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre "
            "diciembre",
        ),
        _names("ene feb mar abr may jun jul ago sept oct nov dic"),
        _names("domingo lunes martes miércoles jueves viernes sábado"),
        _names("dom lun mar mié jue vie sáb"),
        short_date="d/M/yyyy",
        long_date="dddd, d 'de' MMMM 'de' yyyy",
        short_time="H:mm",
        long_time="H:mm:ss",
        month_day="d 'de' MMMM",
        year_month="MMMM 'de' yyyy",
        am="a.\u00a0m.",
        pm="p.\u00a0m.",
        era="d. C.",
        point=",",
        group=".",
        currency="€",
        positive_currency="n $",
        negative_currency="-n $",
        percent="n %",
    ),
    "it-it": Culture(
        _names(
            "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre "
            "dicembre",
        ),
        _names("gen feb mar apr mag giu lug ago set ott nov dic"),
        _names("domenica lunedì martedì mercoledì giovedì venerdì sabato"),
        _names("dom lun mar mer gio ven sab"),
        short_date="dd/MM/yyyy",
        long_date="dddd d MMMM yyyy",
        month_day="d MMMM",
        year_month="MMMM yyyy",
        era="d.C.",
        point=",",
        group=".",
        currency="€",
        positive_currency="n $",
        negative_currency="-n $",
    ),
    "is-is": Culture(
        _names(
            "janúar febrúar mars apríl maí júní júlí ágúst september október nóvember desember",
        ),
        _names("jan. feb. mar. apr. maí jún. júl. ágú. sep. okt. nóv. des."),
        _names(
            "sunnudagur mánudagur þriðjudagur miðvikudagur fimmtudagur föstudagur laugardagur",
        ),
        _names("sun. mán. þri. mið. fim. fös. lau."),
        short_date="d.M.yyyy",
        long_date="dddd, d. MMMM yyyy",
        month_day="d. MMMM",
        year_month="MMMM yyyy",
        am="f.h.",
        pm="e.h.",
        date_separator=".",
        era="e.Kr.",
        point=",",
        group=".",
        currency="kr.",
        currency_digits=0,
        positive_currency="n $",
        negative_currency="-n $",
    ),
}


def culture(name: str) -> Culture:
    """The culture of that name, whatever its case; the empty name is the invariant culture.

    Raises:
        ValueError: naming those that are known.
    """
    found = _CULTURES.get(name.lower())
    if found is None:
        known = ", ".join(sorted(each for each in _CULTURES if each))
        raise ValueError(f"knows no locale '{name}'; known are: {known}.")
    return found
