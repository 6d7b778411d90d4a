"""What an MLflow model says of itself: whether it is run, in which environment, and on which files.

Source: D:machine-learning/how-to-mlflow-batch. Loading a model runs code that is in it; it is
trusted as a scoring script is.
"""

import shutil
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from local_azure.services.machinelearning.environments import conda
from local_azure.services.machinelearning.errors import JobFailedError
from local_azure.services.machinelearning.inputs import InputFile

MODEL_TYPE = "mlflow_model"
QUIET = {"MLFLOW_DISABLE_TELEMETRY": "true"}
"""Environment variables of its processes."""

_IMAGES = (".png", ".jpg", ".jpeg", ".tiff", ".bmp", ".gif")
_PARQUET = (".parquet", ".pqt")
_READ = (".csv", *_PARQUET, *_IMAGES)
_ALWAYS = ("mlflow-skinny", "numpy", "pandas")
"""Of what runs the model; a version that the model itself asks for holds for these too."""


def check_files(files: Iterable[InputFile]) -> None:
    """Let tables and images pass, by the end of their names.

    Raises:
        JobFailedError: there is another one, in Azure's words.
    """
    for file in files:
        ending = PurePosixPath(file.shown).suffix
        if ending.lower() not in _READ:
            message = (
                f"Error processing input file: '{file.shown}'. File type '{ending.lstrip('.')}' is "
                f"not supported. MLflow models read {', '.join(_READ)}."
            )
            raise JobFailedError(message)


def packages(model: Path, files: Iterable[InputFile]) -> conda.Packages:
    """What a model's environment consists of.

    Args:
        model: the folder that the model's own folder is in.
        files: what it is to read.

    Raises:
        JobFailedError: it is no MLflow model, has no flavor that is run, or asks for what pip can't
            install.
    """
    folder = next(model.iterdir())
    flavor = _flavor(folder)
    named = flavor.get("env") or {}
    named = named if isinstance(named, str) else named.get("conda", "")
    try:
        own = conda.read((folder / named).read_text("utf-8")) if named else conda.Packages()
    except (OSError, conda.CondaFileError) as error:
        raise JobFailedError(f"The MLflow model's environment '{named}': {error}.") from None
    return conda.Packages(own.python, (*own.lines, *_ALWAYS, *_readers(files)))


def copy_script(work: Path) -> Path:
    """The script that runs models, in a folder of its own, because that is where it runs."""
    folder = work / "mlflow"
    folder.mkdir(exist_ok=True)
    return Path(shutil.copy(Path(__file__).with_name("score.py"), folder))


def _flavor(folder: Path) -> dict[str, Any]:
    try:
        told = yaml.safe_load((folder / "MLmodel").read_text("utf-8"))
        flavor = told["flavors"]["python_function"]
    except OSError:
        message = "The model is registered as an MLflow model and has no file MLmodel at its root."
        raise JobFailedError(message) from None
    except (yaml.YAMLError, LookupError, TypeError):
        message = (
            "The MLflow model has no flavor 'python_function', without which it is not run; a "
            "deployment of it needs a scoring script."
        )
        raise JobFailedError(message) from None
    return flavor if isinstance(flavor, dict) else {}


def _readers(files: Iterable[InputFile]) -> list[str]:
    """Packages that read some kinds of files."""
    endings = {PurePosixPath(file.shown).suffix.lower() for file in files}
    readers = {"pillow": _IMAGES, "pyarrow": _PARQUET}
    return [name for name, read in readers.items() if endings.intersection(read)]
