"""One worksheet part as it streams by: rows spliced, tables grown, bodies renewed, everything else copied."""
