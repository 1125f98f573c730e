"""Objects: files by their SHA-256. What they are called in entries, what kinds are taken, and how many; pure, no I/O."""
