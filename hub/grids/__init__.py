"""Rules of grids: the parts of a village that somebody answers for, and what is done in them (网格化); pure."""
