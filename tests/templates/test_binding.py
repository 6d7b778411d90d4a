"""Templates as files, and the values of their parameters."""

from pathlib import Path

import pytest

from components.azure.templates import TemplateError, bind, is_secure, load
from tests.templates.handled_events import OF_A_SOURCE
from tests.templates.test_account_definitions import TEMPLATES, definition

DECLARED = {
    "parameters": {
        "needed": {"type": "string"},
        "secret": {"type": "SecureString"},
        "optional": {"type": "int", "defaultValue": 1},
    }
}


@pytest.mark.parametrize("file", [*TEMPLATES, *OF_A_SOURCE])
def test_every_parameter_tells_what_it_is(file: str) -> None:
    parameters = definition(file)["parameters"]
    assert [key for key, spec in parameters.items() if not spec["metadata"]["description"]] == []


def test_values_get_the_declared_types() -> None:
    assert bind(DECLARED, {"needed": "a", "secret": "b"}) == {
        "needed": {"type": "string", "value": "a"},
        "secret": {"type": "SecureString", "value": "b"},
    }


def test_a_default_can_be_replaced() -> None:
    bound = bind(DECLARED, {"needed": "a", "secret": "b", "optional": 2})
    assert bound["optional"] == {"type": "int", "value": 2}


def test_all_missing_and_undeclared_values_are_told_at_once() -> None:
    with pytest.raises(TemplateError) as refusal:
        bind(DECLARED, {"neeeded": "a", "more": "b"})
    assert str(refusal.value) == (
        "Parameters do not fit the template: no value for needed; no value for secret; "
        "more is not declared; neeeded is not declared"
    )


def test_secure_types_are_known_in_any_case() -> None:
    types = ["securestring", "SecureString", "secureObject", "string", "object"]
    assert [is_secure({"type": type_}) for type_ in types] == [True, True, True, False, False]


def test_an_unknown_template_is_refused_with_those_that_there_are(tmp_path: Path) -> None:
    (tmp_path / "one.json").write_text("{}")
    with pytest.raises(TemplateError, match=r"There is no template two in .*; there are: one"):
        load("two", tmp_path)


@pytest.mark.parametrize(("text", "told"), [("{", "is no JSON"), ("[]", "holds no JSON object")])
def test_a_file_that_holds_no_definition_is_refused(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "x.json").write_text(text)
    with pytest.raises(TemplateError, match=rf"x\.json {told}"):
        load("x", tmp_path)
