"""Pages for people who have no workbook: they read `web/export/` and write `intake/in/web/`, and know nothing else.

`app` puts the pages together, `front` answers the two that are filled in: `answer_page` behind a link, `new_page` to
report on. `form_answers` reads what was sent, `inbox` keeps it, `uploads` makes files harmless, `caps` counts,
`headers` says to browsers what is allowed, `mishaps` what went wrong, `serve` listens.
"""
