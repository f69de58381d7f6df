"""The words of mails: kinds, what their templates may use, templates, and the lint."""
