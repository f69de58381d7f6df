# -*- coding: utf-8 -*-
"""`python run.py …` in a checkout: the same program as `qtemplate …` after installation."""

import sys

if sys.version_info < (3, 11):  # before anything is imported that such a Python could not even read
    sys.exit(
        "qtemplate needs Python 3.11 or newer; this is %d.%d (%s). Install one from python.org or your system.\n"
        "qtemplate 需要 Python 3.11 或更新版本；现在是 %d.%d。请从 python.org 或系统软件源安装。"
        % (sys.version_info[0], sys.version_info[1], sys.executable, sys.version_info[0], sys.version_info[1])
    )

from qtemplate.cli import main

if __name__ == "__main__":
    main()
