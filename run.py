"""`python run.py …` in a checkout: the same program as `qtemplate …` after installation."""

from qtemplate.cli import main

if __name__ == "__main__":
    main()
