"""Who decides about a reply, and what is kept as the evidence of each decision. Pure."""
