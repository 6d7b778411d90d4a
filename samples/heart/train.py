# A script beside its data, not a package.
# ruff: noqa: INP001
"""Trains the third sample: whether a patient has a heart condition, as an MLflow model.

    uv run --with-requirements samples/heart/model/requirements.txt samples/heart/train.py

The columns are the thirteen of the documents' heart condition classifier. The patients are not
theirs: they are made here, by chance and a rule of the author's own, and are of no medical use. The
seed is fixed, so every run writes the same lists of patients: `inputs/`, unseen by the training.
The model is logistic regression in a pipeline of scikit-learn, logged as MLflow logs it, with
signature and environment.
"""

import csv
import math
import random
import shutil
from pathlib import Path

import mlflow.sklearn
import pandas as pd
from mlflow.models import infer_signature
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

FOLDER = Path(__file__).resolve().parent
SEED = 13
TRAINING_PATIENTS = 1200
LISTS = {"heart-1.csv": 12, "heart-2.csv": 12}

THAL = ("normal", "fixed", "reversible")
COLUMNS = (
    *("age", "sex", "cp", "trestbps", "chol", "fbs", "restecg", "thalach", "exang", "oldpeak"),
    *("slope", "ca", "thal"),
)
# Without a version of Python: wherever these packages are, the model runs.
ENVIRONMENT = {
    "name": "heart",
    "channels": ["conda-forge"],
    "dependencies": [
        "pip",
        {"pip": ["mlflow-skinny==3.17.2", "pandas==3.1.1", "scikit-learn==1.9.1", "skops==0.16.0"]},
    ],
}

Patient = dict[str, str | int | float]


def patient(chance: random.Random) -> Patient:
    """A patient, as a row of a CSV file has one."""
    age = min(77, max(29, round(chance.gauss(54, 9))))
    return {
        "age": age,
        "sex": _one_in(1.5, chance),
        "cp": chance.randint(1, 4),
        "trestbps": round(chance.gauss(132, 17)),
        "chol": round(chance.gauss(247, 48)),
        "fbs": _one_in(7, chance),
        "restecg": chance.choice((0, 1, 2)),
        "thalach": round(chance.gauss(203 - age, 18)),
        "exang": _one_in(3, chance),
        "oldpeak": round(max(0.0, chance.gauss(0.8, 1.1)), 1),
        "slope": chance.randint(1, 3),
        "ca": chance.choice((0, 0, 0, 1, 2, 3)),
        "thal": chance.choices(THAL, (55, 6, 39))[0],
    }


def _one_in(many: float, chance: random.Random) -> int:
    return int(chance.random() < 1 / many)


def has_condition(each: Patient, chance: random.Random) -> int:
    """Whether the patient has one: by the rule, and by chance."""
    risk = -6.4 + 0.035 * float(each["age"]) + 0.9 * float(each["sex"]) + 0.55 * float(each["cp"])
    risk += 0.008 * float(each["trestbps"]) + 0.9 * float(each["exang"])
    risk += 0.5 * float(each["oldpeak"]) + 0.9 * float(each["ca"])
    risk += 1.1 * (each["thal"] == "reversible") - 0.012 * (float(each["thalach"]) - 150)
    return int(chance.random() < 1 / (1 + math.exp(-risk)))


def trained(patients: list[Patient], conditions: list[int]) -> object:
    """The classifier."""
    others = [name for name in COLUMNS if name != "thal"]
    columns = make_column_transformer(
        (StandardScaler(), others), (OneHotEncoder(handle_unknown="ignore"), ["thal"])
    )
    classifier = make_pipeline(columns, LogisticRegression(max_iter=1000))
    return classifier.fit(pd.DataFrame(patients), conditions)


def main() -> None:
    """Make the lists of patients, train, and save the model."""
    chance = random.Random(SEED)  # noqa: S311 nothing secret
    patients = [patient(chance) for _ in range(TRAINING_PATIENTS)]
    classifier = trained(patients, [has_condition(each, chance) for each in patients])
    (FOLDER / "inputs").mkdir(exist_ok=True)
    for name, length in LISTS.items():
        with (FOLDER / "inputs" / name).open("w", newline="") as file:
            rows = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            rows.writeheader()
            rows.writerows(patient(chance) for _ in range(length))
    sample = pd.DataFrame(patients[:5])
    shutil.rmtree(FOLDER / "model", ignore_errors=True)
    mlflow.sklearn.save_model(
        classifier,
        FOLDER / "model",
        conda_env=ENVIRONMENT,
        signature=infer_signature(sample, classifier.predict(sample)),
    )


if __name__ == "__main__":
    main()
