"""The second copy (异地副本) on S3-compatible storage: sent in the background, verified by reading it back, the way back."""
