"""Storage: accounts, containers and blobs, on Azurite behind a front that checks roles."""
