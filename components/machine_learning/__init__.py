"""What scores them: workspace, cluster, endpoint, deployments, assets."""
