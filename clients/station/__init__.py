"""Headless station: joins, publishes, reports and signs without a browser."""
