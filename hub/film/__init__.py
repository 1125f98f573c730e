"""Films of meetings: from the entries to a plan of what was seen and heard, and from the plan to a file."""
