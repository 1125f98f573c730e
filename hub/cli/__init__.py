"""The command line, one file a command. Each has `add(subparsers)`, which says what it does and runs it."""
