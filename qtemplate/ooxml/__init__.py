"""The lossless workbook engine: packages, the patcher, raw reading. It knows nothing of feedback; see README.md."""
