"""What a run says of itself: text for a terminal, JSON for scripts."""
