"""From settings to components: one function for each, so that the program reads like its diagram.

A function takes the settings, the place, and the components that its own one is built on. What is
the same in every stack stands here too, and nowhere else: names, tags, and who gets which scope.
"""
