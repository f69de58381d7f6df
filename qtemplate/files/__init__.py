"""Files beside and around the register: watching, locks, backups, digests. It knows no configuration."""
