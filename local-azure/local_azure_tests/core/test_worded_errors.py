"""Each error is raised with what its sentence has, which no type checker counts."""

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from string import Formatter

import pytest

import local_azure
from local_azure.errors import WordedError

ROOT = Path(local_azure.__file__).parent


class NotThereError(WordedError):
    """Of a name and a place."""

    said = "There is no '{name}' in {place}."


def test_a_sentence_takes_its_parts_in_their_order() -> None:
    assert str(NotThereError("a", "b")) == "There is no 'a' in b."


@pytest.mark.parametrize("parts", [("a",), ("a", "b", "c")])
def test_a_sentence_takes_no_other_number_of_parts(parts: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="zip"):
        NotThereError(*parts)


def test_every_error_is_made_with_as_many_parts_as_its_sentence_has() -> None:
    wrong = [
        f"{file.relative_to(ROOT)}:{call.lineno}"
        for file in ROOT.rglob("*.py")
        # The script that runs MLflow's models imports that alone.
        if "local_azure" in (text := file.read_text()) and "Error(" in text
        for kind, call in made(file, text)
        if kind.__init__ is WordedError.__init__ and len(call.args) != parts(kind.said)
    ]

    assert wrong == []


def made(file: Path, text: str) -> Iterator[tuple[type[WordedError], ast.Call]]:
    """The errors that a module makes, by the names that it has for them."""
    names = vars(import_module(".".join(file.relative_to(ROOT.parent).with_suffix("").parts)))
    for call in ast.walk(ast.parse(text)):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name):
            kind = names.get(call.func.id)
            if isinstance(kind, type) and issubclass(kind, WordedError):
                yield kind, call


def parts(said: str) -> int:
    return len({name for _, name, _, _ in Formatter().parse(said) if name})
