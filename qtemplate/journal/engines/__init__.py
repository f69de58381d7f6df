"""What keeps the state: one module an engine. Each says how values, tables and locks are written there; no more."""
