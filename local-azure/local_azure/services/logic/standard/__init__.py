"""Logic Apps of the Standard plan: sites, the files in them, and the host that runs those.

Functions and web applications are sites too, and are declined.
"""
