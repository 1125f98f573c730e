"""Clients of the hub: web pages, headless station, load generator."""
