"""Commands that work on a file: evaluate expressions, lint a definition, run it once.

None of them needs a running embedded Azure; run_workflow uses one if there is one.
"""
