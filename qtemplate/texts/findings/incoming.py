"""Findings about what came in through a channel (83x to 86x), in words. Data only."""

from __future__ import annotations

from ..entry import Entry

INCOMING: dict[str, Entry] = {
    "QT830": Entry(
        "",
        "来件 {file} 未能采用：{problem}。改正后放回 intake/in 下原来的文件夹，再从 intake/problem 删除。",
        "",
        "{file} came in and was not taken up: {problem}. Correct it, put it back into its folder below intake/in, and "
        "delete it from intake/problem.",
    ),
    "QT831": Entry(
        "",
        "来件 {file} 可能还没有写完（{problem}），下次再看。",
        "",
        "{file} may not be complete yet ({problem}) and will be looked at again next time.",
    ),
    "QT832": Entry(
        "",
        "{channel} 再次送来已登记的记录，有 {n} 条内容不同，登记表未改动：{named}{more}。需要更正的，请在登记表中修改。",
        "",
        "{channel} delivered records again that are in the register, {n} of them with other content; the register was left "
        "as it is: {named}{more}. What is to be corrected, please correct in the register.",
    ),
    "QT833": Entry(
        "",
        "来件 {file} 没有存下来：{problem}。文件留在原处，下次再收。",
        "",
        "{file} could not be stored: {problem}. It stays where it is and will be taken up next time.",
    ),
    "QT834": Entry(
        "登记表中有“{name}”列",
        "来件中 {n} 条记录填有“{name}”，但登记表没有这一列，内容没有写入。请运行 qtemplate upgrade 补上该列，或修改渠道的映射文件。",
        "a column {name} in the register",
        "{n} records that came in say something about {name}, and the register has no such column, so it was not written. "
        "Add the column with qtemplate upgrade, or change the channel's mapping.",
    ),
}
