"""A conda file: the packages that Azure ML installs over an environment's image."""

from pathlib import Path

import yaml


def read_conda_file(path: Path) -> str:
    """Its text; which packages there are is the index's affair.

    Raises:
        ValueError: it is missing, or no conda file; what is wrong.
    """
    try:
        text = path.read_text(encoding="utf-8")
        told = yaml.safe_load(text)
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError("it can't be read") from error
    except (yaml.YAMLError, RecursionError) as error:
        message = f"it is no YAML: {' '.join(str(error).split())}"
        raise ValueError(message) from error
    listed = told.get("dependencies") if isinstance(told, dict) else None
    if not isinstance(listed, list):
        raise ValueError("it has no list 'dependencies'")  # noqa: TRY004 - as the others
    return text
