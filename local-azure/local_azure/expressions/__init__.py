"""The expression language of Logic Apps and Data Factory: parse, check and evaluate.

One evaluator for both services. What it answers is judged by Microsoft's own engine (tools.oracle);
where it differs on purpose, tests/templates/expressions/differences.json says so and why.
"""
