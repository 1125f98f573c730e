"""Cameras: what the directory holds of one, who may see it, what of it is told in the journal. Rules, pure."""
