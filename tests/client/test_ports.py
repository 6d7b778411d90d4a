"""How a command line writes inputs and outputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from batch_client import ports
from batch_client.errors import UsageError
from batch_client.invocation import Port

if TYPE_CHECKING:
    from pathlib import Path


def uploaded(path: Path) -> Port:
    return Port("UriFile", f"https://uploaded/{path.name}")


@pytest.mark.parametrize(
    ("text", "type_", "value"),
    [
        ("data=https://a/b=c", None, "https://a/b=c"),
        ("data:urifolder=azureml:heart:1", "UriFolder", "azureml:heart:1"),
        ("data=C:\\inputs\\a.csv", None, "C:\\inputs\\a.csv"),
    ],
)
def test_a_named_input_has_a_name_a_type_by_choice_and_a_value(
    text: str, type_: str | None, value: str
) -> None:
    assert ports.named("--input", text) == ports.Written("data", type_, value)


@pytest.mark.parametrize("text", ["", "data", "=x", "data=", "1a=x", "a b=x", "data:Uri=x"])
def test_another_form_is_refused_by_name(text: str) -> None:
    with pytest.raises(UsageError, match="--input"):
        ports.named("--input", text)


def test_a_literal_is_text_and_may_be_empty() -> None:
    assert ports.literal("mode=a=b") == ("mode", Port("Literal", "a=b"))
    assert ports.literal("mode=") == ("mode", Port("Literal", ""))


@pytest.mark.parametrize(
    ("value", "port"),
    [
        ("https://a.blob/c/f/", Port("UriFolder", "https://a.blob/c/f/")),
        ("https://a.blob/c/f", Port("UriFile", "https://a.blob/c/f")),
    ],
)
def test_a_slash_at_the_end_makes_a_folder(value: str, port: Port) -> None:
    assert ports.input_port(ports.Written("in", None, value), None, uploaded) == port


def test_what_exists_here_is_uploaded(tmp_path: Path) -> None:
    file = tmp_path / "azureml:heart:1"
    file.write_text("a local file, whatever its name looks like")

    port = ports.input_port(ports.Written("in", None, str(file)), None, uploaded)

    assert port == Port("UriFile", "https://uploaded/azureml:heart:1")


def test_the_type_of_an_asset_has_to_be_said() -> None:
    with pytest.raises(UsageError, match=r"write --input in:UriFolder=azureml:heart:1"):
        ports.input_port(ports.Written("in", None, "azureml:heart:1"), None, uploaded)


def test_an_asset_whose_type_is_said_is_sent_as_it_is() -> None:
    port = ports.input_port(ports.Written("in", "UriFolder", "azureml:heart:1"), None, uploaded)

    assert port == Port("UriFolder", "azureml:heart:1")
