"""A film out of recorded parts: what a plan says is to be seen and heard, decoded, composed, mixed and encoded."""
