"""Load generator: light peers that publish and watch without encoding, decoding or a browser."""
