"""Careline: software with which a cancer organisation runs its information helpline."""

import os

__version__ = "0.1.0"

# Read by numpy's BLAS when numpy is first imported, by whichever module that is: more threads
# make single questions many times slower and would take the processor from the live path.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
