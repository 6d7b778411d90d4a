"""The one locale in which dates and numbers are written and read here: en-US."""

from local_azure.expressions.errors import ArgumentProblem

EN_US = "en-US"


def check_locale(name: str) -> None:
    """Refuse any other, by name.

    Raises:
        ArgumentProblem: it is another one.
    """
    if name.lower() != EN_US.lower():
        raise ArgumentProblem(f"knows no locale '{name}'; known is {EN_US}.")
