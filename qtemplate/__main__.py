"""`python -m qtemplate`."""

import sys

if sys.version_info < (3, 11):  # as run.py says it: before anything is imported that such a Python could not even read
    sys.exit("qtemplate needs Python 3.11 or newer; this is %d.%d." % sys.version_info[:2])

from .cli import main

main()
