"""Where Event Grid delivers to: one class per ``endpointType``."""
