"""Virtual networks, private endpoints and private DNS zones, on the control plane."""
