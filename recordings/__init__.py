"""Recording: relay in, parts out, archive."""
