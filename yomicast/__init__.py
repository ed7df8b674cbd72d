"""yomicast (読みcast): a Japanese article in, a finished podcast episode out.

Importing this package loads no speech engine and no torch.
"""

import os
import sys

__version__ = "0.1.0"
__all__ = ["__version__"]

if "numpy" not in sys.modules:
    # Lines and chapters are worked on side by side, a thread a core; BLAS's own threads would only spin against them
    # (measured: a quarter of a render). It reads this once, when numpy is loaded.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
