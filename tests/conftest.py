"""Puts this folder on the import path, so that tests of every kind can use `ooxml_lint` and other shared makers."""
