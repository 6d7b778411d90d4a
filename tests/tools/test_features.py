"""The table of features: its rows, the tests that they name, and what is printed of their ends."""

import pytest

from tools import features
from tools.features import Feature

ROWS = features.features()


def test_the_rows_are_those_of_the_documents_and_those_beyond() -> None:
    ids = [*map(str, range(1, 46)), *(f"N{number}" for number in range(1, 42))]
    assert [row.id for row in ROWS] == ids


@pytest.mark.parametrize("test", sorted({test for row in ROWS for test in row.tests}))
def test_a_test_that_a_row_names_is_there(test: str) -> None:
    file, _, name = test.partition("::")
    assert (features.PROJECT / features.node(file)).exists()
    assert not name or f"def {name}(" in (features.PROJECT / features.node(file)).read_text("utf-8")


def test_a_row_counts_the_ends_of_its_own_tests() -> None:
    rows = [Feature("1", "a", ("unit/a.py", "stack/b")), Feature("2", "c", ("unit/a.py::one",))]
    ends = {
        "tests/unit/a.py::one[x]": "passed",
        "tests/unit/a.py::one_more": "failed",
        "tests/unit/a.py2::one": "passed",
        "tests/stack/b/test_c.py::two": "skipped",
    }

    assert features.table([*rows, Feature("3", "d", ())], ends).splitlines()[2:] == [
        "| 1 | a | 1 failed, 1 passed, 1 skipped | unit/a.py, stack/b |",
        "| 2 | c | 1 passed | unit/a.py::one |",
        "| 3 | d | no test |  |",
    ]
