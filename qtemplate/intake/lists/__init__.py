"""Lists that other programs export: CSV, Excel and JSON files, read into one shape and into what a channel means."""
