"""Serves the components to programs in other Pulumi languages: `packages: {…: path/components}`.

Nothing of a stack's settings is known here: such a program gives each component its arguments.
"""

import sys
from pathlib import Path

from pulumi.provider.experimental import component_provider_host
from pulumi.provider.experimental.analyzer import Analyzer

if __name__ == "__main__":
    # The engine runs this folder, not the project that it is a package of.
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

    from components.azure.component import PACKAGE
    from components.package import COMPONENTS, VERSION, described

    Analyzer.get_docstring = described  # type: ignore[method-assign]  # the SDK asks for none
    component_provider_host(COMPONENTS, name=PACKAGE, namespace=PACKAGE, version=VERSION)
