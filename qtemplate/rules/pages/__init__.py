"""Pages behind the links in mails: which are open, what they tell and ask. Pure."""
