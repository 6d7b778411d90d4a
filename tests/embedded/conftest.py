from local_azure_tests.conftest import running
from local_azure_tests.providers.conftest import native

__all__ = ["native", "running"]
