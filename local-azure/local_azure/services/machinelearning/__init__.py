"""Azure Machine Learning's data plane: batch endpoints, their jobs, and scoring scripts that run.

The control plane (workspaces, computes, endpoints, deployments, assets) is in ``resources``. No
online endpoints.
"""
