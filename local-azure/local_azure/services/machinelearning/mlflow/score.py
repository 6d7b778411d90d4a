"""The scoring script of MLflow models: in the model's environment, it imports nothing of ours.

A file is one call of ``predict``, and its end says how it is read. Values are cast by the model's
signature before, because MLflow alone takes no whole number for a double
(D:machine-learning/how-to-mlflow-batch). Rows are ``row,prediction,file`` of a table and
``prediction,file`` of an image, with commas and without a header, as Azure's samples read them;
quotes, and several values as one prediction, are UNVERIFIED.
"""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path
from typing import Any

import mlflow
import numpy as np
import pandas as pd

model: Any = None
_TABLES = {".csv": pd.read_csv, ".parquet": pd.read_parquet, ".pqt": pd.read_parquet}


class Rows(list):  # type: ignore[type-arg] # of text; the environment's Python may be an old one
    """Lines of a mini-batch, whose files are counted and not their rows."""

    scored = 0


def init() -> None:
    """Load the model, which is the only folder there."""
    global model  # noqa: PLW0603 what a scoring script is like
    (folder,) = Path(os.environ["AZUREML_MODEL_DIR"]).iterdir()
    model = mlflow.pyfunc.load_model(str(folder))


def run(mini_batch: list[str]) -> Rows:
    """The lines of each file."""
    rows = Rows()
    for path in mini_batch:
        try:
            rows += map(_line, _scored(path))
        except Exception as error:
            message = f"Error processing input file: '{path}'. {error}"
            raise RuntimeError(message) from error
        rows.scored += 1
    return rows


def _scored(path: str) -> list[tuple[Any, ...]]:
    name = Path(path).name
    read = _TABLES.get(Path(path).suffix.lower())
    if read is None:
        found = _values(model.predict(_image(path)))
        return [(found[0] if len(found) == 1 else found, name)]
    table = _cast(read(path))
    if table.empty:
        return []
    return [(row, value, name) for row, value in enumerate(_values(model.predict(table)))]


def _cast(table: Any) -> Any:
    """By signature; a column that is missing is MLflow's affair."""
    schema = model.metadata.get_input_schema()
    if schema is None or schema.is_tensor_spec():
        return table
    types = dict(zip(schema.input_names(), schema.pandas_types()))  # noqa: B905 Python 3.9 has no `strict`
    return table.astype({name: kind for name, kind in types.items() if name in table})


def _image(path: str) -> Any:
    """Its pixels, in the form that the signature has."""
    from PIL import Image  # noqa: PLC0415 where there are tables alone it is not installed

    pixels = np.asarray(Image.open(path))
    schema = model.metadata.get_input_schema()
    if schema is None or not schema.is_tensor_spec():
        return pixels.astype(np.uint8)
    spec = schema.inputs[0]
    pixels = pixels.astype(spec.type)
    pixels = pixels[None] if pixels.ndim + 1 == len(spec.shape) else pixels.reshape(spec.shape)
    return {spec.name: pixels} if spec.name else pixels


def _values(predicted: Any) -> list[Any]:
    """One for each row; several columns are one list."""
    if isinstance(predicted, pd.DataFrame):
        predicted = predicted.iloc[:, 0] if predicted.shape[1] == 1 else predicted.to_numpy()
    return predicted.tolist() if hasattr(predicted, "tolist") else list(predicted)


def _line(values: tuple[Any, ...]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(values)
    return text.getvalue()
