"""What MLflow itself makes of models and files, in Azure's rows."""

import asyncio
import re
import struct
import subprocess
from pathlib import Path
from typing import Any

import pytest

from local_azure.services.machinelearning.environments import conda, virtual
from local_azure_tests.machinelearning.world import ARTIFACTS, WORKSPACE, World
from tests.models.conftest import HEART

FOLDER = "https://inputs.blob.core.windows.net/inputs"
HEADER = "age,sex,cp,trestbps,chol,fbs,restecg,thalach,exang,oldpeak,slope,ca,thal\n"
ILL = "67,1,4,160,286,0,2,108,1,1.5,2,3,reversible\n"
WELL = "41,0,2,130,204,0,2,172,0,1,1,0,normal\n"
MODELS = """
import sys, mlflow, numpy, pandas
from mlflow.models import ModelSignature
from mlflow.types import ColSpec, Schema, TensorSpec
environment = {"dependencies": [{"pip": ["mlflow-skinny==3.17.2", "pandas==3.1.1"]}]}

def save(name, predict, signature=None):
    class Model(mlflow.pyfunc.PythonModel):
        pass
    Model.predict = lambda self, context, data, params=None: predict(data)
    mlflow.pyfunc.save_model(
        f"{sys.argv[1]}/{name}", python_model=Model(), conda_env=environment, signature=signature
    )

pixels = Schema([TensorSpec(numpy.dtype(numpy.uint8), (-1, -1, -1, 3))])
save("pixels", lambda data: numpy.array([data.shape[1] * data.shape[2]]), ModelSignature(pixels))
save("frame", lambda data: pandas.DataFrame({"a": data["x"] * 2, "b": ["p, q"] * len(data)}))
save("text", lambda data: [f'say "{each}"' for each in data["x"]])
"""


BITMAP = (40, 4, 2, 1, 24, 0, 24, 0, 0, 0, 0)
SCIENCE = """
import pandas, sklearn
def init(): pass
def run(files):
    total = sum(pandas.read_csv(file)["x"].sum() for file in files)
    return [f"{total} pandas {pandas.__version__}, scikit-learn {sklearn.__version__}"]
"""


@pytest.fixture(scope="module")
def models(interpreter: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Models of other kinds than the sample."""
    folder = tmp_path_factory.mktemp("models")
    subprocess.run([interpreter, "-c", MODELS, folder], check=True, capture_output=True)
    return folder


def _deploy(world: World, name: str, folder: Path, kind: str = "mlflow_model") -> None:
    world.deploy(name, codeConfiguration=None)
    for file in folder.rglob("*"):
        if file.is_file():
            path = f"mlflow/{name}/{file.relative_to(folder)}"
            world.blob("own", ARTIFACTS, path, file.read_bytes())
    uri = f"azureml://datastores/workspaceblobstore/paths/mlflow/{name}"
    version = f"{WORKSPACE}/models/{name}/versions/mlflow"
    told = {"properties": {"modelUri": uri, "modelType": kind}}
    world.put(version, told)
    world.deploy(
        name,
        codeConfiguration=None,
        model={"referenceType": "Id", "assetId": version},
        miniBatchSize=1,
    )


@pytest.fixture(scope="module")
def heart(world: World, interpreter: Path) -> World:
    """With the sample's model."""
    assert interpreter
    _deploy(world, "heart", HEART / "model")
    return world


def _scored(world: World, name: str, path: str) -> dict[str, Any]:
    """A job's history once it has ended: the first one of an environment waits for its packages."""
    kind = "UriFile" if "." in path else "UriFolder"
    status, told = world.invoke(f"{FOLDER}/{path}", kind, deployment=name)
    assert status == 201, told
    return world.end(told["name"], limit=300)


def test_each_row_of_a_table_has_a_prediction_and_its_files_name(heart: World) -> None:
    heart.blob("inputs", "inputs", "two/a.csv", f"{HEADER}{ILL}{WELL}".encode())
    heart.blob("inputs", "inputs", "two/b.CSV", f"{HEADER}{WELL}".encode())

    job = _scored(heart, "heart", "two")

    assert (job["status"], job["error"]) == ("Completed", "")
    assert sorted(heart.predictions(job).splitlines()) == ["0,0,b.CSV", "0,1,a.csv", "1,0,a.csv"]
    overview = heart.log(job, "logs/job_progress_overview.txt")
    assert "the packages of the MLflow model and of MLflow, which runs it" in overview


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (ILL.replace("1.5", "none"), "could not convert string to float: 'none'"),
        (ILL.replace("67", "old"), "invalid literal for int() with base 10: 'old'"),
        (ILL.replace("67", ""), "Cannot convert non-finite values"),
    ],
    ids=["double", "long", "missing"],
)
def test_a_value_that_the_signature_does_not_take_fails_the_job(
    heart: World, row: str, said: str
) -> None:
    heart.blob("inputs", "inputs", "cast/good.csv", f"{HEADER}{WELL}".encode())
    heart.blob("inputs", "inputs", "cast/bad.csv", f"{HEADER}{row}".encode())

    job = _scored(heart, "heart", "cast")

    assert job["status"] == "Failed"
    assert re.search(r"Error processing input file: .*bad\.csv'", job["error"])
    assert said in job["error"]


def test_a_column_that_is_missing_fails_the_job(heart: World) -> None:
    heart.blob("inputs", "inputs", "few.csv", b"age,sex\n67,1\n")

    job = _scored(heart, "heart", "few.csv")

    assert job["status"] == "Failed"
    assert "Model is missing inputs" in job["error"]


def test_a_table_without_rows_has_no_predictions(heart: World) -> None:
    heart.blob("inputs", "inputs", "none.csv", HEADER.encode())

    job = _scored(heart, "heart", "none.csv")

    assert (job["status"], heart.predictions(job)) == ("Completed", "")


def test_parquet_is_read_where_pyarrow_is_installed_for_it(
    heart: World, interpreter: Path, tmp_path: Path
) -> None:
    wanted = conda.Packages(lines=("pandas==3.1.1", "pyarrow"))
    python = asyncio.run(virtual.interpreter(wanted, tmp_path / "log"))
    assert interpreter != python
    table, parquet = tmp_path / "a.csv", tmp_path / "a.parquet"
    table.write_text(f"{HEADER}{ILL}{WELL}")
    convert = "import pandas, sys; pandas.read_csv(sys.argv[1]).to_parquet(sys.argv[2])"
    subprocess.run([python, "-c", convert, table, parquet], check=True)
    heart.blob("inputs", "inputs", "a.parquet", parquet.read_bytes())

    job = _scored(heart, "heart", "a.parquet")

    assert heart.predictions(job) == "0,1,a.parquet\n1,0,a.parquet\n"


def test_an_image_has_one_prediction_and_no_row(world: World, models: Path) -> None:
    _deploy(world, "pixels", models / "pixels")
    # A BMP of 4 x 2 pixels in three colours.
    header = b"BM" + struct.pack("<IHHI", 78, 0, 0, 54) + struct.pack("<IiiHHIIiiII", *BITMAP)
    world.blob("inputs", "inputs", "a.bmp", header + bytes(24))

    job = _scored(world, "pixels", "a.bmp")

    assert (job["error"], world.predictions(job)) == ("", "8,a.bmp\n")


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("frame", "0,\"[2, 'p, q']\",x.csv\n1,\"[4, 'p, q']\",x.csv\n"),
        ("text", '0,"say ""1""",x.csv\n1,"say ""2""",x.csv\n'),
    ],
)
def test_a_prediction_that_is_no_number_is_in_quotes(
    world: World, models: Path, name: str, lines: str
) -> None:
    _deploy(world, name, models / name)
    world.blob("inputs", "inputs", "x.csv", b"x\n1\n2\n")

    assert world.predictions(_scored(world, name, "x.csv")) == lines


def test_a_script_imports_what_its_conda_file_asks_for(world: World, interpreter: Path) -> None:
    assert interpreter
    version = world.environment("science", (HEART / "conda.yml").read_text())
    world.deploy("science", SCIENCE, environmentId=version)
    world.blob("inputs", "inputs", "x.csv", b"x\n1\n2\n")

    job = _scored(world, "science", "x.csv")

    assert (job["error"], world.predictions(job)) == ("", "3 pandas 3.1.1, scikit-learn 1.9.1\n")
