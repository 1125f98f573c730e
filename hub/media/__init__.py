"""The packet plane: receives a packet once, forwards it to every subscriber."""
