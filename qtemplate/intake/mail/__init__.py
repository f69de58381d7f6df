"""Mail that comes in: bytes into what a person said. Knows no mailbox, no folder and no register."""

from .problems import Problem
from .read import read_mail
from .received_mail import Attachment, Automatic, ReceivedMail

__all__ = ["Attachment", "Automatic", "Problem", "ReceivedMail", "read_mail"]
