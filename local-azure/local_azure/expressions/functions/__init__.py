"""The functions, grouped as the reference groups them; importing a module declares its functions.

The reference: D:logic-apps/expression-functions-reference, and
D:data-factory/control-flow-expression-language-functions. Where they are silent, the judge decides
(Microsoft's own engine; see tools.oracle).
"""

from local_azure.expressions.functions import (  # noqa: F401 - importing one declares its functions
    arithmetic,
    collection,
    conversion,
    date_time,
    json_objects,
    logical,
    strings,
    uri,
    workflow,
)
