"""What comes in, and what it was taken for. An adapter beside `mailer`, `forms` and `report`: they do not know each
other."""

from .mail import Attachment, Automatic, ReceivedMail, read_mail

__all__ = ["Attachment", "Automatic", "ReceivedMail", "read_mail"]
