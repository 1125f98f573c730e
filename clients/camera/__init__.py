"""Cameras that are none: an RTSP server with moving pictures and every fault of real ones as a switch, on loopback."""
