"""`python -m yomicast`: the same front door."""

import sys

from yomicast.cli import main

if __name__ == "__main__":
    sys.exit(main())
