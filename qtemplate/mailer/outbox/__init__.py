"""The outbox: finished mails and what became of each."""
