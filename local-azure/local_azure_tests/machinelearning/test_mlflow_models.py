"""What is told of an MLflow model before MLflow runs it, which `make models` tests."""

from pathlib import Path
from uuid import uuid4

import pytest

from local_azure.services.machinelearning.errors import JobFailedError
from local_azure.services.machinelearning.inputs import InputFile
from local_azure.services.machinelearning.mlflow.model import check_files, packages
from local_azure_tests.machinelearning.world import ARTIFACTS, WORKSPACE, World

MODEL = "flavors:\n  python_function:\n    env: {}\n"
OWN = "dependencies:\n- python=3.11.7\n- pip<=24\n- pip:\n  - mlflow==3.1\n"


def _file(name: str) -> InputFile:
    return InputFile(f"/in/{name}", f"/in/{name}")


def _saved(folder: Path, env: str, conda: str = OWN) -> Path:
    """A folder with a model's own in it."""
    model = folder / "heart"
    model.mkdir()
    (model / "MLmodel").write_text(MODEL.format(env))
    (model / "conda.yaml").write_text(conda)
    return folder


@pytest.mark.parametrize("env", ["conda.yaml", "{conda: conda.yaml, virtualenv: python_env.yaml}"])
def test_the_environment_is_the_models_own_and_what_runs_it(tmp_path: Path, env: str) -> None:
    wanted = packages(_saved(tmp_path, env), [_file("a.csv")])

    assert wanted.python == "3.11"
    assert wanted.lines == ("pip<=24", "mlflow==3.1", "mlflow-skinny", "numpy", "pandas")


@pytest.mark.parametrize(
    ("name", "reader"), [("a.PARQUET", "pyarrow"), ("a.pqt", "pyarrow"), ("a.jpeg", "pillow")]
)
def test_what_reads_a_kind_of_file_is_there_where_such_a_file_is(
    tmp_path: Path, name: str, reader: str
) -> None:
    model = _saved(tmp_path, "conda.yaml")
    assert reader not in packages(model, [_file("a.csv")]).lines
    assert reader in packages(model, [_file("a.csv"), _file(name)]).lines


@pytest.mark.parametrize(
    ("name", "kind"), [("a-given-file.avro", "avro"), ("_SUCCESS", ""), ("a.csv.gz", "gz")]
)
def test_another_kind_of_file_is_refused_in_azures_words(name: str, kind: str) -> None:
    said = f"Error processing input file: '/in/{name}'. File type '{kind}' is not supported."

    with pytest.raises(JobFailedError) as refused:
        check_files([_file("a.CSV"), _file(name)])

    assert str(refused.value).startswith(said)


@pytest.mark.parametrize(
    ("env", "conda", "said"),
    [
        ("gone.yaml", OWN, "The MLflow model's environment 'gone.yaml'"),
        ("conda.yaml", "dependencies: [r-base]", "the conda package 'r-base' has no counterpart"),
    ],
)
def test_an_environment_that_can_not_be_made_is_told(
    tmp_path: Path, env: str, conda: str, said: str
) -> None:
    with pytest.raises(JobFailedError) as refused:
        packages(_saved(tmp_path, env, conda), [])

    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        ("{}", "a.csv", "no flavor 'python_function'"),
        ("[", "a.csv", "no flavor 'python_function'"),
        (None, "a.csv", "no file MLmodel at its root"),
        (MODEL.format("conda.yaml"), "a.txt", "File type 'txt' is not supported"),
    ],
    ids=["flavor", "yaml", "file", "input"],
)
def test_a_job_that_mlflow_can_not_run_fails_with_the_reason(
    world: World, content: str | None, name: str, said: str
) -> None:
    file = "other.txt" if content is None else "MLmodel"
    folder = f"mlflow/{uuid4()}"
    world.blob("own", ARTIFACTS, f"{folder}/{file}", (content or "").encode())
    world.blob("inputs", "inputs", f"data/{name}", b"x\n1\n")
    version = f"{WORKSPACE}/models/m/versions/{uuid4().hex}"
    uri = f"azureml://datastores/workspaceblobstore/paths/{folder}"
    world.put(version, {"properties": {"modelUri": uri, "modelType": "mlflow_model"}})
    model = {"referenceType": "Id", "assetId": version}
    world.deploy("mlflow", codeConfiguration=None, model=model)

    job = world.score_on("mlflow", f"https://inputs.blob.core.windows.net/inputs/data/{name}")

    assert said in job["error"]
