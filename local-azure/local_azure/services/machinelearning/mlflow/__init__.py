"""Models that MLflow runs itself: deployments without a scoring script."""
