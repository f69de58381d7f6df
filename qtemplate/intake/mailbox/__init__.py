"""A mailbox over IMAP (RFC 9051): what is new is fetched without a mark, what was taken up is moved away."""
