"""From the bytes of a file to what it says, by the kind of file its name tells."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from ..plan.received import Received
from .lists.csv_file import read_csv
from .lists.excel_file import read_excel
from .lists.json_file import read_json
from .lists.records import read_records
from .lists.table import Table
from .mapping import ChannelMap
from .unfit import Unfit

SUFFIXES = (".csv", ".xlsx", ".json", ".eml")


def understand(suffix: str, data: bytes, mapping: ChannelMap, at: dt.datetime) -> Iterable[Received]:
    """What a file says.

    Args:
        suffix: Of its name, in lower case.
        data: Its bytes.
        mapping: Of the channel it came through.
        at: When it came in; aware, in the register's zone.

    Raises:
        Unfit: It cannot be taken up as it is.
    """
    if suffix == ".eml":
        from .mail_item import read_mail_item  # loads what takes mails apart, where there is one

        return [read_mail_item(mapping, data, at)]
    return read_records(_read_table(suffix, data, mapping), mapping, at)


def _read_table(suffix: str, data: bytes, mapping: ChannelMap) -> Table:
    match suffix:
        case ".csv":
            return read_csv(data, encoding=mapping.encoding, delimiter=mapping.delimiter, header_row=mapping.header_row)
        case ".xlsx":
            return read_excel(data, sheet=mapping.sheet, header_row=mapping.header_row)
        case ".json":
            return read_json(data, records=mapping.records)
    raise Unfit("wrong_type", known=SUFFIXES)
