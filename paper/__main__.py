"""The process that sets one long document: values on standard input, PDF on standard output."""

import json
import os
import resource
import sys

from paper.pdf import pdf
from paper.press import TOO_MUCH_MEMORY
from paper.sheets import from_values

MEMORY_BYTES = 1536 * 1024 * 1024


def main() -> None:
    """Set the document, giving way to those who wait for pages."""
    os.nice(5)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    try:
        sys.stdout.buffer.write(pdf(from_values(json.load(sys.stdin.buffer))))
    except MemoryError:
        sys.exit(TOO_MUCH_MEMORY)


if __name__ == "__main__":
    main()
