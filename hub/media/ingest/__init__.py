"""What is published: tracks, their layers, gaps, key frames and feedback."""
