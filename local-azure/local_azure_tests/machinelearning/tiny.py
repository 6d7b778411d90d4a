"""A package that no index has, and conda files that ask for it: nothing is fetched."""

import zipfile
from pathlib import Path


def conda_file(folder: Path) -> str:
    """One that asks for `tiny`, a module and a command, whose wheel is put into the folder."""
    wheel = folder / "tiny-1.0-py3-none-any.whl"
    about = "tiny-1.0.dist-info"
    with zipfile.ZipFile(wheel, "w") as packed:
        packed.writestr("tiny.py", "GREETING = 'hello'\ndef say(): print(GREETING)\n")
        packed.writestr(f"{about}/entry_points.txt", "[console_scripts]\ntiny = tiny:say\n")
        packed.writestr(f"{about}/METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n")
        packed.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        packed.writestr(f"{about}/RECORD", f"tiny.py,,\n{about}/METADATA,,\n{about}/WHEEL,,\n")
    return asking(f"tiny @ {wheel.as_uri()}")


def asking(*lines: str, python: str = "python") -> str:
    """One that asks for these, and no index for anything."""
    asked = "".join(f"    - '{line}'\n" for line in ("--no-index", *lines))
    return f"dependencies:\n  - {python}\n  - pip:\n{asked}"
