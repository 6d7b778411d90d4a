"""What pydantic says of a configuration, in the words of our message.

Values are told as they were found, but never where they may be secret.
"""

import difflib
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, get_args, get_origin

from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from components.settings import azure_lists
from components.settings.declared import (
    Place,
    bare_of,
    fields_of,
    is_union,
    one_of,
    sections_in,
)
from components.settings.moved import GONE, MOVED
from components.settings.problems import (
    UNSAID,
    Loc,
    Misfit,
    MisfitsError,
    Problem,
    Refused,
    dotted,
    line,
    loc_of,
    shown,
    unwritten,
)
from components.settings.section import Section
from components.settings.settings import Settings

SECRET = "event_secrets"  # noqa: S105 - the name of a key
"""The key whose values are secrets: given encrypted only, and never told."""

REMOVE = "nothing: remove the line"
_SET_IT = f"{{}}:{SECRET}: by pulumi config set --secret --path {SECRET}.NAME"

_THERE_IS_NOT = "a key that there is not (value not shown)"


def problems(
    error: ValidationError, key: str, values: Mapping[str, Any], namespace: str
) -> Iterator[Problem]:
    """Each thing that pydantic refuses of a key's value, once."""
    for each in error.errors(include_url=False):
        loc = (key, *each["loc"])
        place = Place(loc)
        cause = each.get("ctx", {}).get("error")
        if isinstance(cause, MisfitsError):
            for misfit in cause.misfits:
                yield of_misfit(misfit, values, namespace, loc)
        elif isinstance(cause, Refused):
            found = each["input"] if cause.found is UNSAID else cause.found
            yield _problem(place, found, cause.accepted, cause.write, namespace)
        elif each["type"] == "extra_forbidden":
            yield _unknown(place, bare_of(Place(loc[:-1]).annotation), namespace)
        elif each["type"] in ("union_tag_invalid", "union_tag_not_found"):
            kinds = re.findall("'([^']+)'", each.get("ctx", {}).get("expected_tags", ""))
            kinds = kinds or list(sections_in(place.annotation))
            place.loc, place.field = (*place.loc, "kind"), None
            found = each.get("ctx", {}).get("tag")
            yield _problem(place, found, *_word(found, kinds), namespace)
        elif each["type"] == "literal_error":
            words = get_args(bare_of(place.annotation))
            yield _problem(place, each["input"], *_word(each["input"], words), namespace)
        else:
            found, accepted = _of_type(place, each)
            yield _problem(place, found, accepted, _in_a_list(place, found), namespace)


def _word(found: Any, words: Sequence[str]) -> tuple[str, Any]:
    """What is accepted of some words, and the one that was meant; unsaid if none is like it."""
    meant = azure_lists.near(str(found), words, 0.6)
    question = f"; did you mean {meant}?" if meant and len(words) > 1 else ""
    return one_of(words) + question, meant or UNSAID


def _of_type(place: Place, each: Any) -> tuple[Any, str]:
    """What was found and what is accepted where pydantic's own checks refuse."""
    if each["type"] == "missing":
        return None, f"{place.words}: it is required"
    if each["type"] == "too_short":
        return each["input"], f"{place.words} that is not empty"
    return each["input"], place.words


def _in_a_list(place: Place, found: Any) -> Any:
    """One thing alone, as the list that is wanted; unsaid where it would not be right in there."""
    if get_origin(bare_of(place.annotation)) is tuple:
        with suppress(ValidationError):
            TypeAdapter(place.annotation).validate_json(json.dumps([found], default=repr))
            return [found]
    return UNSAID


def of_refusal(refusal: Refused, key: str, namespace: str) -> Problem:
    """A key whose value is refused as a whole, and not told."""
    told = _SET_IT.format(namespace) if key == SECRET else unwritten(namespace, (key,))
    return Problem(key, str(refusal.found), refusal.accepted, told)


def of_misfit(misfit: Misfit, values: Mapping[str, Any], namespace: str, loc: Loc = ()) -> Problem:
    """A value that does not go with others."""
    place = Place((*loc, *loc_of(misfit.path)))
    found = place.found(values) if misfit.found is UNSAID else misfit.found
    return _problem(place, found, misfit.accepted, misfit.write, namespace)


def _problem(place: Place, found: Any, accepted: str, write: Any, namespace: str) -> Problem:
    key, where = dotted(place.loc), place.loc
    if where[:1] == (SECRET,):
        told = _secrets(found)
        return Problem(SECRET, told, accepted, _SET_IT.format(namespace))
    told = "nothing" if found in (None, "") else shown(_plain_value(found))
    # No line takes the place of what is right in a value.
    compound = isinstance(found, (dict, list, tuple)) and found
    if write is UNSAID and place.field and not compound:
        write = example_of(place.field)
    if write is UNSAID:
        return Problem(key, told, accepted, unwritten(namespace, where))
    if write is None:
        return Problem(key, told, accepted, REMOVE)
    return Problem(key, told, accepted, line(namespace, where, _plain_value(write)))


def example_of(field: FieldInfo) -> Any:
    """A value that a field may have; unsaid where only the stack's people know one."""
    for each in (field, *_declared_inside(field.annotation)):
        if each.examples:
            return each.examples[0]
    plain = isinstance(field.default, (bool, int, str)) and field.default != ""
    return field.default if plain else UNSAID


def _declared_inside(annotation: Any) -> Iterator[FieldInfo]:
    """What is declared of a kind of values, such as `ScoringUri | None`; nothing of an element."""
    yield from (
        each for each in getattr(annotation, "__metadata__", ()) if isinstance(each, FieldInfo)
    )
    for each in get_args(annotation) if is_union(annotation) else ():
        yield from _declared_inside(each)


def _plain_value(value: Any) -> Any:
    if isinstance(value, Section):
        return value.model_dump(mode="json", by_alias=True, exclude_unset=True)
    if isinstance(value, (list, tuple)):
        return [_plain_value(each) for each in value]
    return value


def _secrets(value: Any) -> str:
    """Secrets by their names alone."""
    if not isinstance(value, dict):
        return "a secret (not shown)"
    return f"secrets named {', '.join(value)} (not shown)" if value else "no secrets"


def _unknown(place: Place, section: Any, namespace: str) -> Problem:
    """A field that its section does not have."""
    *above, name = place.loc
    key, tells = dotted(place.loc), section.told_by
    of_forms = _of_all_forms(section)
    if tells and name in of_forms:
        return Problem(key, _THERE_IS_NOT, f"nothing: with {tells} it is not used", REMOVE)
    if why := GONE.get(key, GONE.get(str(name))):
        return _gone(key, why)
    known = one_of(fields_of(section))
    if elsewhere := _places().get(str(name)):
        return _meant(key, known, elsewhere, namespace)
    near = difflib.get_close_matches(str(name), of_forms, n=1)
    accepted = f"{known}; did you mean {near[0]}?" if near else known
    where = dotted(tuple(above))
    add = f"{near[0]}: (the same value), below {namespace}:{where}" if near else REMOVE
    return Problem(key, _THERE_IS_NOT, accepted, add)


def _of_all_forms(section: type[Section]) -> dict[str, None]:
    """Fields of a section and, where it is a form of a key's, of the other one."""
    return dict.fromkeys(fields_of(section)) | {
        name: None
        for field in Settings.model_fields.values()
        for forms in [sections_in(field.annotation)]
        if section in forms.values()
        for form in forms.values()
        for name in fields_of(form)
    }


def unknown_key(name: str, namespace: str) -> Problem:
    """A key that there is not; perhaps a field of a section, or nearly one."""
    if name == namespace:
        accepted = "each key with the project's name before it"
        add = f"{namespace}:location: (its value), and so each other one"
        return Problem(name, _THERE_IS_NOT, accepted, add)
    if name in GONE:
        return _gone(name, GONE[name])
    places = _places() | {place: place for _, place in _of_sections()}
    near = difflib.get_close_matches(name, places, n=1)
    if not near:
        return Problem(name, _THERE_IS_NOT, "a key of this project", REMOVE)
    return _meant(name, "a key of this project", places[near[0]], namespace)


def _gone(key: str, why: str) -> Problem:
    return Problem(key, _THERE_IS_NOT, f"nothing: {why}", REMOVE)


def _meant(name: str, known: str, place: str, namespace: str) -> Problem:
    key, _, field = place.partition(".")
    add = f"{field}: (the same value), below {namespace}:{key}"
    add = add if field else f"{namespace}:{key}: (the same value)"
    return Problem(name, _THERE_IS_NOT, f"{known}; did you mean {place}?", add)


def _places() -> dict[str, str]:
    """Where a name belongs that has one place; of several nobody knows which is meant."""
    of_sections = list(_of_sections())
    often = Counter(field for field, _ in of_sections)
    places = {field: place for field, place in of_sections if often[field] == 1}
    return places | MOVED | {key: key for key in Settings.model_fields}


def _of_sections() -> Iterator[tuple[str, str]]:
    """Fields of the sections, each with its place."""
    for key, declared in Settings.model_fields.items():
        of_list = "[0]" if get_origin(bare_of(declared.annotation)) is tuple else ""
        forms = sections_in(declared.annotation).values()
        for field in {each: None for section in forms for each in fields_of(section)}:
            yield field, f"{key}{of_list}.{field}"
