"""Decision tables to the DMN standard and their language: pure, and knowing nothing of feedback; see README.md."""
