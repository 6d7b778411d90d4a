"""Lengths of time as .NET's TimeSpan writes them, in ticks of 100 ns."""

from local_azure.expressions.moments import TICKS_A_SECOND


def span_text(ticks: int) -> str:
    """The span as ``[-][d.]hh:mm:ss[.fffffff]``."""
    seconds, fraction = divmod(abs(ticks), TICKS_A_SECOND)
    minutes, hours, days = seconds // 60 % 60, seconds // 3600 % 24, seconds // 86400
    sign = "-" if ticks < 0 else ""
    head = f"{days}." if days else ""
    tail = f".{fraction:07d}" if fraction else ""
    return f"{sign}{head}{hours:02d}:{minutes:02d}:{seconds % 60:02d}{tail}"
