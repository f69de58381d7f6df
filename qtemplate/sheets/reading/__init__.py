"""The register read: where it stands, and its cells as typed columns."""
