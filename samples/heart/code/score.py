# A folder that the service puts on the path, not a package.
# ruff: noqa: INP001
"""Scores patients with the heart classifier by a script: how likely the condition is.

It needs what samples/heart/conda.yml asks for, the deployment's `environment.conda_file`.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import mlflow.sklearn
import pandas as pd

MODEL: dict[str, Any] = {}


def init() -> None:
    """Loads the model, the folder that the service mounts."""
    (file,) = Path(os.environ["AZUREML_MODEL_DIR"]).rglob("MLmodel")
    MODEL["heart"] = mlflow.sklearn.load_model(str(file.parent))


def run(mini_batch: list[str]) -> Any:
    """A row for each patient: the file, the row in it, the likelihood."""
    return pd.concat([_risks(Path(path)) for path in mini_batch])


def _risks(path: Path) -> Any:
    patients = pd.read_csv(path)
    likely = MODEL["heart"].predict_proba(patients)[:, 1].round(3)
    return pd.DataFrame({"file": path.name, "row": patients.index, "risk": likely})
