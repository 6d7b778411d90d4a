"""What a pipeline deployment runs."""

import shutil
from pathlib import Path

from components.machine_learning.pipeline_components.assets import (
    PipelineAssets,
    PipelineAssetsArgs,
)
from tests.unit.azure import GROUP
from tests.unit.engine import Deployment, deploy

WORKSPACE = f"{GROUP}/providers/Microsoft.MachineLearningServices/workspaces/ws"
SAMPLE = Path(__file__).resolve().parents[2] / "samples" / "diamonds"


def _deployed(folder: Path = SAMPLE) -> Deployment:
    args: PipelineAssetsArgs = {
        "workspace_id": WORKSPACE,
        "artifacts_url": "https://stml.blob.core.windows.net/artifacts",
        "login_host": "login.microsoftonline.com",
        "component_name": "diamonds",
        "pipeline_path": str(folder / "pipeline.yml"),
    }
    return deploy(lambda: PipelineAssets("pipeline", args))


def test_the_pipeline_and_each_step_are_registered() -> None:
    names = {each.inputs["name"] for each in _deployed().all("ComponentVersion")}
    assert names == {"diamonds", "diamonds_clean", "diamonds_price"}


def test_code_is_uploaded_before_it_is_registered() -> None:
    assert [len(each.create_hooks) for each in _deployed().all("CodeVersion")] == [1, 1]


def test_the_pipeline_names_its_steps_by_their_ids() -> None:
    made = {each.inputs["name"]: each.inputs for each in _deployed().all("ComponentVersion")}
    jobs = made["diamonds"]["properties"]["componentSpec"]["jobs"]
    assert {
        name: job["componentId"].removeprefix(f"{WORKSPACE}/components/")
        for name, job in jobs.items()
    } == {
        name: f"diamonds_{name}/versions/{made[f'diamonds_{name}']['version']}"
        for name in ("clean", "price")
    }


def test_a_change_of_a_steps_code_is_a_new_version_of_it_and_of_the_pipeline(
    tmp_path: Path,
) -> None:
    changed = tmp_path / "diamonds"
    shutil.copytree(SAMPLE, changed)
    (changed / "code" / "clean.py").write_text("print('changed')")

    before = {each.name for each in _deployed().all("ComponentVersion")}
    after = {each.name for each in _deployed(changed).all("ComponentVersion")}

    assert before & after == set()


def test_the_same_files_are_the_same_versions_wherever_they_lie(tmp_path: Path) -> None:
    shutil.copytree(SAMPLE, tmp_path / "elsewhere")

    def versions(folder: Path) -> dict[str, str]:
        made = _deployed(folder).all("ComponentVersion")
        return {each.inputs["name"]: each.inputs["version"] for each in made}

    assert versions(tmp_path / "elsewhere") == versions(SAMPLE)
