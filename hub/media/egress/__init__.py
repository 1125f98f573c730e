"""What is watched: slots, subscriptions, and the choice of layers for a line."""
