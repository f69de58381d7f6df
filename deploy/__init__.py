"""What whoever operates it needs: units, tasks, scripts, and the bundle for machines without a network."""
