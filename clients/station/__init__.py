"""The headless station: joins when called, publishes pre-encoded picture and sound, answers and signs orders."""
