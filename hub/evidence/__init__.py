"""Evidence: a session's record as one file that a stranger verifies, and the checkpoints that another machine keeps."""
