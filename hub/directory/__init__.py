"""Who takes part: centers, accounts, sessions, permissions."""
