"""winmail.dat, in which Exchange and Outlook wrap a mail: the stream, and the RTF that its body may be in."""

from .rtf import read_rtf, unpack_rtf
from .tnef import read_tnef

__all__ = ["read_rtf", "read_tnef", "unpack_rtf"]
