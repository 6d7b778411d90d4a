from local_azure_tests.storage.alone import running

__all__ = ["running"]
