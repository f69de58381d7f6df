"""Pages for people who have no workbook: they read `web/export/` and write `intake/in/web/`, and know nothing else.

`app` puts the pages together, `answer_page` is the page behind a link, `form_answers` reads what was sent, `inbox`
keeps it, `uploads` makes pictures harmless, `caps` counts, `headers` says to browsers what is allowed, `serve` listens.
"""
