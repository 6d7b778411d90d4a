"""`up` and `destroy` killed in the middle, and `tools.resume` after them."""
