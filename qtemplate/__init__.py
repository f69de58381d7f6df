"""qtemplate: a quality team's feedback register, in Excel, that runs its own process."""

__version__ = "0.1.0"
