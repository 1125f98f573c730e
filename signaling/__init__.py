"""The edge: HTTP API, Socket.IO, WHIP and WHEP. No rules live here."""
