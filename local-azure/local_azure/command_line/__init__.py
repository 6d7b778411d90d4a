"""The command line: one function for each command, which imports what it needs when it is called.

Nothing here works on anything: that is in ``commands``, in ``stacks`` and behind the console.
"""
