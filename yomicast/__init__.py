"""yomicast (読みcast): a Japanese article in, a finished podcast episode out.

Importing this package loads no speech engine and no torch.
"""

__version__ = "0.1.0"
__all__ = ["__version__"]
