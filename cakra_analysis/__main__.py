"""Run the command line as ``python -m cakra_analysis``."""

import sys

from cakra_analysis.cli import main

sys.exit(main())
