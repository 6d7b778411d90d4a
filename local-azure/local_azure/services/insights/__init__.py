"""Application Insights, Log Analytics and diagnostic settings: resources only, no telemetry."""
