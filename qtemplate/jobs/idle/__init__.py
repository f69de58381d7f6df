"""Idle looks: a run that would find everything as the last one left it, and nothing due, is not made.

`note` writes down what a run rested on, where it ended with nothing left to do; `look` compares. In doubt there is no
note, or the look says no, and a whole run is made. `look` and what it loads know neither the configuration nor a
library: a look is to cost little more than starting Python.
"""
