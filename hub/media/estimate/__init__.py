"""What a viewer's line carries: estimates from feedback, probes, and what was sent."""
