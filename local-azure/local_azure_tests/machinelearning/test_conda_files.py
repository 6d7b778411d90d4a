"""What of a conda file pip can install, and what is refused by name."""

import re

import pytest

from local_azure.services.machinelearning.environments.conda import CondaFileError, read


def _file(*dependencies: str) -> str:
    return "\n".join(["name: mine", "channels: [conda-forge]", "dependencies:", *dependencies])


@pytest.mark.parametrize(
    ("dependency", "line"),
    [
        ("numpy", "numpy"),
        ("numpy=1.26", "numpy==1.26.*"),
        ("numpy=1.26.4", "numpy==1.26.4.*"),
        ("numpy==1.26.4", "numpy==1.26.4"),
        ("numpy=1.26.4=py311h64a7726_0", "numpy==1.26.4"),
        ("numpy 1.26.*", "numpy==1.26.*"),
        ("numpy>=1.26,<3", "numpy>=1.26,<3"),
        ("'scikit-learn >=1.5'", "scikit-learn>=1.5"),
        ("conda-forge::pandas=3", "pandas==3.*"),
        ("pytorch=2.4", "torch==2.4.*"),
        ("PyYAML", "pyyaml"),
    ],
)
def test_a_conda_package_is_the_package_of_pypi(dependency: str, line: str) -> None:
    assert read(_file(f"- {dependency}")).lines == (line,)


def test_the_lines_for_pip_are_taken_as_they_are() -> None:
    text = _file("- pip", "- pip:", "  - 'a[b]==1; python_version > \"3\"'", "  - --pre")
    assert read(text).lines == ("pip", 'a[b]==1; python_version > "3"', "--pre")


@pytest.mark.parametrize(
    ("dependency", "version"),
    [("python", ""), ("python=3.11", "3.11"), ("python==3.10.4", "3.10"), ("python 3.9.*", "3.9")],
)
def test_the_version_of_python_is_told(dependency: str, version: str) -> None:
    assert read(_file(f"- {dependency}")).python == version


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "has no list 'dependencies'"),
        ("a: [", "is no YAML"),
        (_file("- numpy", "2026-11-30: a"), "JSON can hold: keys must be str"),
        (_file("- &a [*a]"), "the alias *a stands in what it stands for"),
        ("dependencies: numpy", "has no list 'dependencies'"),
        (_file("- cudatoolkit=11"), "the conda package 'cudatoolkit' has no counterpart on PyPI"),
        (_file("- python>=3.8"), "'python>=3.8': accepted: one version, as python=3.11"),
        (_file("- 7"), "7 is no dependency"),
        (_file("- numpy[version='>1']"), "is no dependency"),
        (_file("- pip: numpy"), "is no dependency; accepted: a package, or 'pip:' with a list"),
        (_file("- {pip: [a], npm: [b]}"), "is no dependency; accepted: a package, or 'pip:' with"),
        (_file('- pip: ["a\\nb"]'), "is no dependency; accepted: a package, or 'pip:' with a list"),
        (_file("- npm: [a]"), "is no dependency; accepted: a package, or 'pip:' with a list"),
    ],
)
def test_what_pip_can_not_install_is_refused_by_name(text: str, said: str) -> None:
    with pytest.raises(CondaFileError, match=re.escape(said)):
        read(text)
