"""Cameras and patrol: what the directory holds of a camera, who may see it, and how people walk through them. Rules, pure."""
