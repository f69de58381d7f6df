"""`python -m qtemplate`."""

from .cli import main

main()
