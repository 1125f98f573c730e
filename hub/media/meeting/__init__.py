"""Who hears and sees whom in one meeting."""
