"""Looking at a team's own workbook: where its register is, what its columns and values mean. It only proposes.

From top to bottom: `look` (a file becomes a proposal), `verdict`, `match`, `evidence`, `header_row`, `names`. How the
words of teams are kept is known to `vocabulary` and `meanings` alone. It must not know workspaces, rules or mail.
"""
