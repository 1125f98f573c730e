"""The server: rules, journal, media plane and the command line that starts them."""
