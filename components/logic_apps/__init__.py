"""Workflows, made from the definitions in logicapp_templates/."""
