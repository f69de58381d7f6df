"""Files beside and around the register: watching, locks, backups, digests, synchronised folders.

Handed paths and numbers; knows neither the configuration nor the journal.
"""
