"""What is declared at a place of a configuration: its field, its type, its forms."""

from collections.abc import Collection, Iterator, Mapping
from types import UnionType
from typing import Annotated, Any, Literal, TypeGuard, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from components.settings.problems import Loc
from components.settings.section import Section
from components.settings.settings import Settings

_WORDS = {str: "text", int: "a whole number", bool: "true or false", tuple: "a list"}


class Place:
    """Where something stands, and what is declared for it."""

    def __init__(self, loc: Loc) -> None:
        self.loc: Loc = ()
        self.annotation: Any = Settings
        self.field: FieldInfo | None = None
        """What is declared for the last part, where it is a field of a section."""
        for part in loc:
            forms, bare = sections_in(self.annotation), bare_of(self.annotation)
            if len(forms) > 1 and part in forms:
                self.annotation = forms[str(part)]
            elif part == "[object]":
                (self.annotation,) = forms.values()
            elif part not in ("[key]", "[text]"):
                self.loc += (part,)
                self.field = _field_of(bare, str(part))
                # Of an element, or the value of a name.
                inner = get_args(bare)[-1 if get_origin(bare) is dict else 0 :] or (None,)
                self.annotation = self.field.annotation if self.field else inner[0]

    @property
    def words(self) -> str:
        """What is wanted, by its type."""
        bare = bare_of(self.annotation)
        if is_union(bare) and str in _plain(bare):
            return (
                f"text, or an object with {', '.join(*map(fields_of, sections_in(bare).values()))}"
            )
        if _is_section(bare):
            required = [name for name, each in fields_of(bare).items() if each.is_required()]
            others = [name for name in fields_of(bare) if name not in required]
            told = [f"with {', '.join(required)}"] * bool(required)
            told += [f"it may have {', '.join(others)}"] * bool(others)
            return f"an object {'; '.join(told)}".replace("object it", "object; it")
        if get_origin(bare) is Literal:
            return one_of(get_args(bare))
        return _WORDS.get(get_origin(bare) or bare, "an object")

    def found(self, values: Mapping[str, Any]) -> Any:
        """What stands there, or what does where nothing is said."""
        value: Any = values
        for part in self.loc:
            try:
                value = value[part]
            except (LookupError, TypeError):
                default = self.field.get_default() if self.field else None
                return None if self.field is None or self.field.is_required() else default
        return value


def one_of(words: Collection[str]) -> str:
    """Words of which one is wanted."""
    return f"one of {', '.join(words)}" if len(words) > 1 else "".join(words)


def fields_of(section: type[Section]) -> dict[str, FieldInfo]:
    """A section's fields, by the names that a stack file has for them."""
    return {field.alias or name: field for name, field in section.model_fields.items()}


def _field_of(bare: Any, name: str) -> FieldInfo | None:
    """The field of a section, or of one of its forms."""
    forms = sections_in(bare).values() if _is_section(bare) or is_union(bare) else ()
    return next((found for form in forms if (found := fields_of(form).get(name))), None)


def bare_of(annotation: Any) -> Any:
    """A type without what is said about it, and without that it may be missing."""
    while True:
        inner = [each for each in get_args(annotation) if each is not type(None)]
        if get_origin(annotation) is Annotated or (is_union(annotation) and len(inner) == 1):
            annotation = inner[0]
        else:
            return annotation


def is_union(annotation: Any) -> bool:
    """Whether a type is one of several."""
    return get_origin(annotation) in (Union, UnionType)


def _is_section(annotation: Any) -> TypeGuard[type[Section]]:
    return isinstance(annotation, type) and issubclass(annotation, Section)


def _plain(annotation: Any) -> Iterator[Any]:
    """The types that an annotation is made of."""
    if get_origin(annotation) in (None, Literal):
        yield annotation
    else:
        for each in get_args(annotation):
            yield from _plain(each)


def sections_in(annotation: Any) -> dict[str, type[Section]]:
    """Forms that a value can have, by what pydantic calls them."""
    found = {}
    for each in _plain(annotation):
        if _is_section(each):
            kind = each.model_fields.get("kind")
            told = get_args(kind.annotation) if kind else ()
            found[told[0] if len(told) == 1 else each.__name__] = each
    return found
