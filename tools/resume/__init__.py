"""Takes up a stack whose `up` or `destroy` was killed: ``python -m tools.resume --stack dev``.

Pulumi writes into the state what it is about to create, with every input, before it asks Azure for
it. So each such create is taken into the state under the id that it would have, and a refresh drops
from the state what is not there. What can't be taken over is told, and what to do about it.

It looks at what the state names, and nowhere else; and it leaves alone a lock whose process may
still be working. A create that Azure has been sent but shows to nobody yet is not waited for.
"""
