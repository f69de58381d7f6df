"""Mail: templates to messages, the outbox, and the transport that hands finished bytes to a server."""
