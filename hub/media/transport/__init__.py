"""Datagrams in and out: the port, ICE-lite, DTLS, SRTP, and the peer they make."""
