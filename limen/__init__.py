"""Limen watches regulators and the trade press for numeric requirements, and tells people when one changes."""

import os

__version__ = "0.1.0"

# The matrices of our network are small: threads of numpy's OpenBLAS gain nothing on them, and two processes whose threads
# wait for each other are twenty times slower. It reads this when numpy is first imported, which is after us.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
