"""Signed links to pages, and the records from which pages are made: what both sides of the pages know. Data and files.

A run signs links and writes the records into `web/export/`; the server reads them and nothing else. Knows no register.
"""
