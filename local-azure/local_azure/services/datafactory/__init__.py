"""Data Factory: pipelines in the form in which Data Factory exports them (``typeProperties``)."""
