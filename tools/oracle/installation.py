"""The judge's own virtual environment, in the cache: the engine, a .NET runtime and OpenSSL 1.1.

The engine's assemblies come with data-factory-testing-framework, .NET Core 3.1 with dotnetcore2,
and the OpenSSL that this .NET can use with an old wheel of psycopg2-binary, of which nothing else
is kept. The assemblies are only run, never copied into the project.
"""

import os
import zipfile
from pathlib import Path

from tools import cache, progress, virtual_environment

PINNED = ("data-factory-testing-framework==1.4.4", "dotnetcore2==3.1.23")
OPENSSL = "psycopg2-binary==2.9.5"
ADVICE = "Check the network to the Python package index and run make oracle again."
ICU = "72.1"


def folder() -> Path:
    """Where the judge lies, installed if it was not.

    Raises:
        SetupError: where a package can't be had.
    """
    return cache.entry("oracle-1.4.4", _install)


def python(judge: Path) -> Path:
    """The judge's interpreter."""
    return judge / "bin" / "python"


def environment(judge: Path) -> dict[str, str]:
    """The variables under which the runtime finds its parts, and speaks en-US as the service does.

    ICU's version is Debian 12's; where another is installed, set CLR_ICU_VERSION_OVERRIDE.
    """
    site = next(judge.glob("lib/python*/site-packages"))
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LC_")}
    return {
        "CLR_ICU_VERSION_OVERRIDE": ICU,
        **kept,
        "DOTNET_ROOT": str(site / "dotnetcore2" / "bin"),
        "LD_LIBRARY_PATH": str(judge / "ssl"),
        "LANG": "en_US.UTF-8",
        "TZ": "UTC",
    }


def _install(into: Path) -> None:
    virtual_environment.make(into, PINNED, "Judge: installing the engine", 0.5, ADVICE)
    wheels = into / "wheels"
    download = ["download", "--no-deps", "--only-binary", ":all:", "--dest", str(wheels), OPENSSL]
    pip = virtual_environment.pip(into)
    progress.run("Judge: fetching OpenSSL 1.1", [*pip, *download], minutes=0.5, advice=ADVICE)
    _unpack_openssl(next(wheels.glob("*.whl")), into / "ssl")


def _unpack_openssl(wheel: Path, into: Path) -> None:
    into.mkdir()
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            library = name.rsplit("/", 1)[-1]
            if library.startswith("libssl-"):
                (into / "libssl.so.1.1").write_bytes(archive.read(name))
            elif library.startswith("libcrypto-"):
                (into / library).write_bytes(archive.read(name))
    wheel.unlink()
