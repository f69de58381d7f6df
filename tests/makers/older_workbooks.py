"""Workbooks as an older version would have made them: a standard one of today without its newest things.

What is taken out is taken out of the parts, letter by letter, so that all else is as the standard workbook has it.
"""

from __future__ import annotations

import re
from pathlib import Path

from lxml import etree
from workbook_makers import read_parts, write_parts

from qtemplate.ooxml.references import column_name
from qtemplate.sheets import open_book

NAMES = {
    "zh": {
        "register": "反馈登记", "contacts": "沟通记录", "faults": "故障词典", "dictionary": "数据字典",
        "people": "人员", "channel": "反馈渠道",
        "escalation": "升级阶梯", "gates": "关闭条件", "other": "其他", "notes": "内部备注",
        "summary": "摘要", "findings": "校验结果", "low_score_review": "低分处理意见",
        "last_whys": "末级原因",
    },
    "en": {
        "register": "Feedback", "contacts": "Contacts", "faults": "Faults", "dictionary": "Dictionary",
        "people": "People", "channel": "Channel",
        "escalation": "Escalation", "gates": "Gates", "other": "Other", "notes": "Notes",
        "summary": "Summary", "findings": "Findings", "low_score_review": "Low score review",
        "last_whys": "Last whys",
    },
}  # fmt: skip
"""What is taken out of a workbook of 0.1, and where, as it is called in it."""

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def make_older(register: Path, language: str) -> list[str]:
    """Take from a workbook of 0.1 its last columns, a column of a log, a sheet and a value; what an upgrade adds."""
    names = NAMES[language]
    headers = next(t.columns for t in open_book(register).tables(names["register"]) if t.name == "tblFeedback")
    without_last_columns(register, names["register"], "tblFeedback", len(headers) - headers.index(names["notes"]))
    assert without_last_columns(register, names["contacts"], "tblContacts", 1) == [names["summary"]]
    without_sheet(register, names["faults"])
    assert without_value(register, names["dictionary"], 3, names["channel"]) == names["other"]
    return [names["notes"], names["other"], names["faults"], names["summary"]]


def without_last_columns(path: Path, sheet: str, table: str, count: int) -> list[str]:
    """Take the last columns of a table away, with their cells and validations; gives their headers."""
    parts, book = read_parts(path), open_book(path)
    (found,) = (each for each in book.tables(sheet) if each.name == table)
    gone = range(found.area.last_column - count + 1, found.area.last_column + 1)
    letters = {column_name(at) for at in gone}
    part = book.sheet_parts[sheet]
    root = etree.fromstring(parts[part])
    for cell in list(root.iter(f"{MAIN}c")):
        if re.sub(r"\d", "", cell.get("r", "")) in letters:
            _remove(cell)
    for col in list(root.iter(f"{MAIN}col")):
        if int(col.get("min", "0")) in gone and int(col.get("max", "0")) in gone:
            _remove(col)
    for check in list(root.iter(f"{MAIN}dataValidation")):
        if re.sub(r"\d", "", check.get("sqref", "").partition(":")[0]) in letters:
            _remove(check)
    last = column_name(gone.start - 1)
    for element in root.iter(f"{MAIN}conditionalFormatting"):
        areas = [
            re.sub(rf":({'|'.join(letters)})(?=\d)", f":{last}", area) for area in element.get("sqref", "").split()
        ]
        element.set("sqref", " ".join(areas))
    _count(root)
    parts[part] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    tree = etree.fromstring(parts[found.part])
    columns = next(tree.iter(f"{MAIN}tableColumns"))
    for column in list(columns)[-count:]:
        columns.remove(column)
    columns.set("count", str(len(columns)))
    for element in (tree, *tree.iter(f"{MAIN}autoFilter")):
        element.set("ref", re.sub(r":[A-Z]+", f":{last}", element.get("ref", "")))
    parts[found.part] = etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)
    write_parts(path, parts)
    return list(found.columns[-count:])


def without_sheet(path: Path, sheet: str) -> None:
    """Take a sheet away, the last one or one whose loss moves no local name."""
    parts, book = read_parts(path), open_book(path)
    part = book.sheet_parts[sheet]
    tables = [table.part for table in book.tables(sheet)]
    workbook = etree.fromstring(parts["xl/workbook.xml"])
    entries = list(workbook.iter(f"{MAIN}sheet"))
    place = next(at for at, entry in enumerate(entries) if entry.get("name") == sheet)
    link = next(str(value) for key, value in entries[place].attrib.items() if str(key).endswith("}id"))
    _remove(entries[place])
    for name in list(workbook.iter(f"{MAIN}definedName")):
        local = name.get("localSheetId")
        if local is not None and int(local) == place:
            _remove(name)
        elif local is not None and int(local) > place:
            name.set("localSheetId", str(int(local) - 1))
    parts["xl/workbook.xml"] = etree.tostring(workbook, xml_declaration=True, encoding="UTF-8", standalone=True)
    links = etree.fromstring(parts["xl/_rels/workbook.xml.rels"])
    for each in list(links):
        if each.get("Id") == link:
            links.remove(each)
    parts["xl/_rels/workbook.xml.rels"] = etree.tostring(links)
    types = etree.fromstring(parts["[Content_Types].xml"])
    for each in list(types):
        if each.get("PartName", "").lstrip("/") in (part, *tables):
            types.remove(each)
    parts["[Content_Types].xml"] = etree.tostring(types)
    folder, _, base = part.rpartition("/")
    for gone in (part, f"{folder}/_rels/{base}.rels", *tables):
        parts.pop(gone, None)
    write_parts(path, parts)


def without_line(path: Path, sheet: str, row: int, first: str, last: str) -> None:
    """Take the cells of a row of a sheet away, with their formats, from one column to another."""
    parts, part = read_parts(path), open_book(path).sheet_parts[sheet]
    root = etree.fromstring(parts[part])
    letters = range(ord(first), ord(last) + 1)
    for cell in [cell for cell in root.iter(f"{MAIN}c") if cell.get("r") in {f"{chr(at)}{row}" for at in letters}]:
        _remove(cell)
    parts[part] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    write_parts(path, parts)


def without_value(path: Path, sheet: str, header_row: int, header: str) -> str:
    """Take the last value of a list away, and let the drop-downs end one row earlier; gives the value."""
    parts, book = read_parts(path), open_book(path)
    grid = book.sheet(sheet).to_python(skip_empty_area=False)
    at = grid[header_row - 1].index(header)
    last = max(row for row, line in enumerate(grid, 1) if at < len(line) and line[at] != "")
    letter = column_name(at + 1)
    for name in book.sheet_parts.values():
        old, new = (f"${letter}${header_row + 1}:${letter}${row}<".encode() for row in (last, last - 1))
        parts[name] = parts[name].replace(old, new)
    part = book.sheet_parts[sheet]
    root = etree.fromstring(parts[part])
    (cell,) = (cell for cell in root.iter(f"{MAIN}c") if cell.get("r") == f"{letter}{last}")
    cell[:] = []
    cell.attrib.pop("t", None)  # type: ignore[call-overload] # its stubs know no default
    parts[part] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    write_parts(path, parts)
    return str(grid[last - 1][at])


def _remove(element: etree._Element) -> None:
    above = element.getparent()
    assert above is not None
    above.remove(element)


def _count(root: etree._Element) -> None:
    for checks in root.iter(f"{MAIN}dataValidations"):
        checks.set("count", str(len(checks)))
