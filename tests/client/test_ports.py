"""How a command line writes inputs and outputs."""

from pathlib import Path

import pytest

from batch_client import ports
from batch_client.errors import UsageError
from batch_client.invocation import Port


def uploaded(path: Path) -> Port:
    return Port("UriFile", f"https://uploaded/{path.name}")


def registered(uri: str, kind: str | None) -> Port:
    return Port(kind or "UriFolder", f"/found/{uri}")


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
    assert ports.input_port(ports.Written("in", None, value), None, uploaded, registered) == port


def test_what_exists_here_is_uploaded(tmp_path: Path) -> None:
    file = tmp_path / "azureml:heart:1"
    file.write_text("a local file, whatever its name looks like")

    port = ports.input_port(ports.Written("in", None, str(file)), None, uploaded, registered)

    assert port == Port("UriFile", "https://uploaded/azureml:heart:1")


@pytest.mark.parametrize(
    ("said", "port"),
    [
        (None, Port("UriFolder", "/found/azureml:heart:1")),
        ("UriFile", Port("UriFile", "/found/azureml:heart:1")),
        ("CustomModel", Port("CustomModel", "azureml:heart:1")),
    ],
)
def test_registered_data_is_looked_up_and_other_assets_are_not(
    said: str | None, port: Port
) -> None:
    written = ports.Written("in", said, "azureml:heart:1")

    assert ports.input_port(written, None, uploaded, registered) == port
