"""What is wrong, or unwise, in a definition that lies in a file.

What the embedded Logic Apps refuse is found here as well; on top of that each module of rules looks
for one kind of mistake that a service would only show when it is too late. ``factory`` looks at
Data Factory's pipelines and datasets.
"""
