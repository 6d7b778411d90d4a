"""``python -m tools.resume --stack dev``."""

import argparse
import sys

from batch_client.errors import ClientError
from tools import resume
from tools.resume.resuming import lines
from tools.resume.stack import Stack


def main(arguments: list[str]) -> int:
    """Take up one stack; 1 where it can't be."""
    parser = argparse.ArgumentParser(prog="python -m tools.resume", description=resume.__doc__)
    parser.add_argument("--stack", default="dev", help="name of the stack (default: dev)")
    name = parser.parse_args(arguments).stack
    try:
        for line in lines(Stack(name)):
            print(line, flush=True)
    except ClientError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
