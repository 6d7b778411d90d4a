"""Whether a subject filter can match the subjects of a type of event at all.

A form such as `experiments/{}/runs/{}` is compared name by name: what stands for a name in the
form is any text without a slash, and a name of two parts (`{}:{}`) has the colon in it.
"""

import re


def can_match(form: str, begins: str, ends: str, *, case_sensitive: bool) -> bool:
    """Whether some subject of the form begins and ends so; empty filters match every subject."""
    if not case_sensitive:
        form, begins, ends = form.lower(), begins.lower(), ends.lower()
    names = form.split("/")
    return _begins(names, begins) and _ends(names, ends)


def _begins(form: list[str], filtered: str) -> bool:
    *whole, part = filtered.split("/")
    if len(whole) >= len(form):
        return False
    fits = all(_is(name, text) for name, text in zip(form, whole, strict=False))
    name = form[len(whole)]
    return fits and ("{}" in name or name.startswith(part))


def _ends(form: list[str], filtered: str) -> bool:
    part, *whole = filtered.split("/")
    if len(whole) >= len(form):
        return False
    fits = all(
        _is(name, text) for name, text in zip(form[len(form) - len(whole) :], whole, strict=True)
    )
    name = form[len(form) - len(whole) - 1]
    return fits and ("{}" in name or name.endswith(part))


def _is(name: str, text: str) -> bool:
    return re.fullmatch(re.escape(name).replace(r"\{\}", "[^/]+"), text) is not None
