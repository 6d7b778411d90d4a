from local_azure_tests.commands.conftest import nothing_runs
from local_azure_tests.conftest import lasting, running
from local_azure_tests.providers.conftest import native

__all__ = ["lasting", "native", "nothing_runs", "running"]
