"""From settings to components: one function for each, so that the program reads like its diagram.

A function takes the stack: its settings, and the components that are made so far. What is the same
in every stack stands here too, and nowhere else: names, tags, and who gets which scope.
"""
