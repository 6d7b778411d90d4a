"""What a deployment runs."""

from pathlib import Path

import pytest

from components.machine_learning.model_assets import ModelAssets, ModelAssetsArgs
from tests.unit.azure import GROUP
from tests.unit.engine import Deployment, deploy

WORKSPACE = f"{GROUP}/providers/Microsoft.MachineLearningServices/workspaces/ws"
STORE = (
    "azureml://subscriptions/00000000-0000-0000-0000-00000000000a/resourcegroups/rg/workspaces/ws"
    "/datastores/workspaceblobstore/paths"
)
URL = "https://stml.blob.core.windows.net/artifacts"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "file").write_text("content")
    return tmp_path


def _deployed(folder: Path, **changes: object) -> Deployment:
    args: ModelAssetsArgs = {
        "workspace_id": WORKSPACE,
        "artifacts_url": URL,
        "login_host": "login.microsoftonline.com",
        "model_name": "digits",
        "model_path": str(folder),
        "code_path": str(folder),
        "image": "mcr.microsoft.com/image:1",
    }
    return deploy(lambda: ModelAssets("model", {**args, **changes}))  # type: ignore[typeddict-item]


def test_a_model_is_stored_under_its_hash_and_registered_under_a_name_that_was_never_used(
    folder: Path,
) -> None:
    model = _deployed(folder).one("ModelVersion").inputs
    assert model["name"] == "digits"
    assert model["version"] == "e8754548ef046fdc-0a1b2c3d4e"
    assert model["properties"] == {
        "modelType": "custom_model",
        "modelUri": f"{STORE}/models/digits/e8754548ef046fdc",
    }


def test_code_is_stored_under_its_hash(folder: Path) -> None:
    code = _deployed(folder).one("CodeVersion").inputs
    assert code["name"] == "digits-code"
    assert code["properties"] == {"codeUri": f"{URL}/code/digits/e8754548ef046fdc"}


def test_both_are_uploaded_before_they_are_registered(folder: Path) -> None:
    deployed = _deployed(folder)
    assert len(deployed.one("ModelVersion").create_hooks) == 1
    assert len(deployed.one("CodeVersion").create_hooks) == 1


def test_a_model_that_is_registered_elsewhere_is_not_registered_again(folder: Path) -> None:
    deployed = _deployed(folder, model_path=None, model_id="azureml://registries/r/models/m")
    assert deployed.all("ModelVersion") == []
    assert deployed.outputs["model"]["model_id"] == "azureml://registries/r/models/m"


def test_an_image_becomes_an_environment_with_a_version_of_its_own(folder: Path) -> None:
    first = _deployed(folder).one("EnvironmentVersion").inputs
    second = _deployed(folder, image="mcr.microsoft.com/image:2").one("EnvironmentVersion").inputs
    assert first["properties"] == {"image": "mcr.microsoft.com/image:1", "osType": "Linux"}
    assert first["version"] != second["version"]


def test_what_is_installed_over_an_image_makes_another_version(folder: Path) -> None:
    plain = _deployed(folder).one("EnvironmentVersion").inputs
    conda = _deployed(folder, conda_file="dependencies: [pip]").one("EnvironmentVersion").inputs
    assert conda["properties"] == {
        "image": "mcr.microsoft.com/image:1",
        "condaFile": "dependencies: [pip]",
        "osType": "Linux",
    }
    assert conda["version"] != plain["version"]


def test_each_version_is_a_resource_of_its_own(folder: Path) -> None:
    kinds = ("ModelVersion", "CodeVersion", "EnvironmentVersion")
    first = _deployed(folder)
    before = {kind: first.one(kind).name for kind in kinds}
    (folder / "file").write_text("changed")
    second = _deployed(folder, image="mcr.microsoft.com/image:2")
    assert before["CodeVersion"] == "model-code-e8754548ef046fdc"
    assert [kind for kind in kinds if second.one(kind).name == before[kind]] == []


def test_an_environment_that_exists_is_used(folder: Path) -> None:
    deployed = _deployed(folder, image=None, environment_id="azureml://registries/azureml/e")
    assert deployed.all("EnvironmentVersion") == []


def test_a_model_that_is_given_in_no_way_is_refused(folder: Path) -> None:
    with pytest.raises(ValueError, match="`model_path` or by `model_id`"):
        _deployed(folder, model_path=None)


def test_an_environment_that_is_given_in_no_way_is_refused(folder: Path) -> None:
    with pytest.raises(ValueError, match="`image` or `environment_id`"):
        _deployed(folder, image=None)


def test_an_mlflow_model_brings_code_and_environment_with_it(folder: Path) -> None:
    deployed = _deployed(folder, mlflow=True, code_path=None, image=None)
    assert deployed.one("ModelVersion").inputs["properties"]["modelType"] == "mlflow_model"
    assert deployed.all("CodeVersion") == deployed.all("EnvironmentVersion") == []
