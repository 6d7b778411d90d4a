"""The page, asked over HTTP; `tests/browser` looks at it in a browser."""
