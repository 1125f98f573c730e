"""Plans (预案): what an event of some kind needs, prepared; above the rules of meetings and orders, which it composes."""
