"""What a caller uses: upload files, invoke a batch endpoint, follow its job, fetch the predictions.

The modules are a library; the command ``batch-events`` is made of them. Nothing in here knows where
Azure is: signing in, proxies and certificates come from the environment, as with every Azure SDK.
"""

__version__ = "0.1.0"
