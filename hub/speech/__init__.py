"""Speech in recordings: where somebody speaks, and, where a recogniser is installed, what was said."""
