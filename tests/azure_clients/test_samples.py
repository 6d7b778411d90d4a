"""The sample that has nothing to do with this project, by its script for azure-cli."""

import os
from pathlib import Path

from local_azure.testing import LocalAzure
from tests import PROJECT
from tests.azure_clients.cli import Cli

SCRIPT = PROJECT / "samples" / "exchange-account" / "open.sh"


def test_azure_cli_opens_the_account_to_the_partner(tmp_path: Path) -> None:
    azure = LocalAzure(tmp_path / "azure")
    try:
        cli = Cli(tmp_path / "az", {**azure.variables(), "PATH": os.environ["PATH"]})
        cli.sign_in()
        partner = azure.variables("Reader")["AZURE_CLIENT_ID"]

        answer = cli.run(f"{SCRIPT} exchange3 {partner}")
    finally:
        azure.stop()

    assert answer.out == "https://exchange3.blob.core.windows.net/exchange\n", answer.error
