"""Statistics: what was held, reported, handled and ordered in a span of days, by the centers below one. Pure."""
