"""Cameras in: pulled by RTSP when somebody watches, fitted for viewers, and passed on by the relay of the nodes."""
