"""Forms that go out: their keys, what they are made with, and which are due. Pure; knows no files."""
