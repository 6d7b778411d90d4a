"""What is made from the settings' models: `config:` of Pulumi.yaml, the reference, and the schema.

``python -m tools.configuration`` writes Pulumi.yaml's part, docs/configuration.md and
stack.schema.json anew; tests refuse files that are behind.
"""

import ast
import copy
import functools
import inspect
import itertools
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin

import yaml

from components.settings import Settings
from components.settings.declared import bare_of, fields_of, sections_in
from components.settings.namespaces import NAMESPACE
from components.settings.section import Section

PROJECT = Path(__file__).resolve().parent.parent
PAGE = PROJECT / "docs" / "configuration.md"
SCHEMA = PROJECT / "stack.schema.json"
PROGRAM = PROJECT / "Pulumi.yaml"
_BEGIN, _END = "<!-- configuration keys -->", "<!-- end of configuration keys -->"
_TYPES = {tuple: "array", dict: "object", bool: "boolean", int: "integer"}
_EMPTY: dict[str, Any] = {"string": "", "array": [], "object": {}}


@functools.cache
def meanings(section: type[Section]) -> dict[str, str]:
    """What each field of a section means: the text below it, in one line."""
    found: dict[str, str] = {}
    for each in reversed(section.__mro__):
        if not issubclass(each, Settings.__base__ or object):
            continue
        for field, text in itertools.pairwise(_classes(each.__module__)[each.__name__].body):
            if isinstance(field, ast.AnnAssign) and isinstance(text, ast.Expr):
                found[ast.unparse(field.target)] = " ".join(ast.literal_eval(text.value).split())
    return {
        field.alias or name: found.get(name, "") for name, field in section.model_fields.items()
    }


@functools.cache
def _classes(module: str) -> dict[str, ast.ClassDef]:
    declared = ast.parse(inspect.getsource(sys.modules[module])).body
    return {each.name: each for each in declared if isinstance(each, ast.ClassDef)}


def schema() -> dict[str, Any]:
    """The JSON Schema of a stack file: our keys with all that is in them, any other provider's."""
    ours = Settings.model_json_schema()
    definitions = ours.pop("$defs")
    for name, definition in definitions.items():
        _describe(definition, meanings(_by_name()[name]))
        definition.pop("title", None)
    _describe(ours, meanings(Settings))
    prefix = f"{NAMESPACE}:"
    keys = {f"{prefix}{key}": value for key, value in ours["properties"].items()}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": f"Stack file of {NAMESPACE}",
        "type": "object",
        "properties": {
            "config": {
                "type": "object",
                "properties": keys,
                # A key of ours that there is not is underlined.
                "patternProperties": {f"^{prefix}(?!({'|'.join(ours['properties'])})$)": False},
            }
        },
        "$defs": definitions,
    }


def _describe(definition: dict[str, Any], told: dict[str, str]) -> None:
    for name, value in definition.get("properties", {}).items():
        value.pop("title", None)
        if "$ref" in value:
            # Draft 7 heeds nothing beside a reference.
            value["allOf"] = [{"$ref": value.pop("$ref")}]
        value["description"] = told[name]


def _by_name() -> dict[str, type[Section]]:
    found: dict[str, type[Section]] = {}
    waiting: list[type[Section]] = [Settings]
    while waiting:
        section = waiting.pop()
        if found.setdefault(section.__name__, section) is section:
            below = [sections_in(each.annotation) for each in section.model_fields.values()]
            waiting += [
                each for some in below for each in some.values() if each.__name__ not in found
            ]
    return found


def program_config() -> str:
    """The `config:` part of Pulumi.yaml: every key with an empty default and its meaning.

    Without its type: of those the engine would tell the first wrong one alone, before the program.
    """
    config = {}
    for name, field in Settings.model_fields.items():
        kind = _type(field.annotation)
        default = field.default if kind in ("string", "boolean") else None
        config[name] = {
            "default": copy.copy(_EMPTY.get(kind, False)) if default is None else default,
            "description": meanings(Settings)[name],
        }
    return yaml.safe_dump({"config": config}, sort_keys=False, width=100, allow_unicode=True)


def reference() -> str:
    """The Markdown of every key and field, section by section."""
    return "\n".join(_rows_of_settings()).strip()


def _rows_of_settings() -> Iterator[str]:
    plain = {
        name: field for name, field in Settings.model_fields.items() if not _own_heading(field)
    }
    yield from _table(Settings, plain)
    for name, field in Settings.model_fields.items():
        if not _own_heading(field):
            continue
        yield f"\n## `{name}`\n\n{meanings(Settings)[name]}"
        shown: set[str] = set()
        for form in sections_in(field.annotation).values():
            fields = {key: each for key, each in fields_of(form).items() if key not in shown}
            shown |= fields.keys()
            if form.told_by:
                yield f"\nWith `{form.told_by}`:"
            yield ""
            yield from _table(form, fields)


def _own_heading(field: Any) -> bool:
    return any(each.__name__ != "Principal" for each in sections_in(field.annotation).values())


def _table(section: type[Section], fields: dict[str, Any]) -> Iterator[str]:
    told = meanings(section)
    yield "| Key | Type | Default | Meaning |"
    yield "|---|---|---|---|"
    for name, field in fields.items():
        shown = ""
        if field.is_required():
            shown = "required"
        elif isinstance(field.default, (str, int)) and field.default != "":
            shown = f"`{json.dumps(field.default)}`"
        elif (
            isinstance(field.default, tuple) and field.default and isinstance(field.default[0], str)
        ):
            shown = f"`{json.dumps(list(field.default))}`"
        meaning = told[name].replace("|", "\\|")
        yield f"| `{name}` | {_type(field.annotation)} | {shown} | {meaning} |"


def _type(annotation: Any) -> str:
    bare = bare_of(annotation)
    otherwise = "object" if sections_in(bare) else "string"
    if get_origin(bare) in (Union, UnionType) and str in map(bare_of, get_args(bare)):
        return "string or object"
    return _TYPES.get(get_origin(bare) or bare, otherwise)


def with_table(page: str) -> str:
    """The page with its tables as the models have them now.

    Raises:
        ValueError: when the place for the tables is missing.
    """
    place = re.compile(f"{re.escape(_BEGIN)}.*?{re.escape(_END)}", re.DOTALL)
    if not place.search(page):
        message = f"{PAGE.name} lacks the lines {_BEGIN} and {_END}; put them back."
        raise ValueError(message)
    return place.sub(lambda _: f"{_BEGIN}\n\n{reference()}\n\n{_END}", page)


def with_config(program: str) -> str:
    """Pulumi.yaml with its last part, `config:`, as the models have it now."""
    return program[: program.index("\nconfig:\n") + 1] + program_config()


def written() -> dict[Path, str]:
    """Every file that is made from the models, as it should be."""
    return {
        PROGRAM: with_config(PROGRAM.read_text()),
        PAGE: with_table(PAGE.read_text()),
        SCHEMA: json.dumps(schema(), indent=2) + "\n",
    }


def main() -> None:
    """Write them."""
    for path, text in written().items():
        path.write_text(text)


if __name__ == "__main__":
    main()
