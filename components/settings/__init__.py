"""The stack's configuration: its only reader is `load`, its pure core is `read`.

What is wrong is told in one message, before any resource. What can't be known without asking
Azure (whether a thing to adopt exists) is not checked here.
"""
