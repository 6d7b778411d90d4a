"""The factory and its pipelines, made from adf_templates/."""
