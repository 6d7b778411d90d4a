"""What commands do with a file (evaluate, lint, run it once), and how what they get is told.

None of those needs a running embedded Azure; run_workflow uses one if there is one.
"""
