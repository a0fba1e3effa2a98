"""Competency needs, programmes and their effects for regional governments.

Import what a stage needs from its own package, for instance
``from cakra_analysis.needs import score_gaps``. This module stays empty so that
importing the library is cheap.
"""

__version__ = "0.1.0"
