"""The record: sealing and verifying the history of a workspace, and one case as a folder."""
