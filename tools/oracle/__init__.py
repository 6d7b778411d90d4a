"""The judge of the expression language: Microsoft's own engine, run beside ours.

`python -m tools.oracle` sets the engine up outside the checkout (Linux on x86-64, from Python's
package index alone), has it and our evaluator answer the same expressions, and compares. Nothing of
it is needed by `make test`, which replays the answers that `--record` has written down.
"""
