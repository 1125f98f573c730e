"""RTP to the recorder and between nodes."""
