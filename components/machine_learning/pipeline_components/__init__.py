"""Deployments that run a pipeline: the component, its files, ports and steps."""
