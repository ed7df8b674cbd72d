"""The doorbell: `python produce.py render episodes/…` from a bare checkout; installed, the same is `yomicast`."""

import sys

from yomicast.cli import main

if __name__ == "__main__":
    sys.exit(main())
