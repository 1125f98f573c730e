"""What is kept how long, what is held, what is destroyed: rules of the archive's custody; pure."""
