"""Minutes (会议纪要): a draft made from entries, what a clerk writes, and how it is submitted, approved and returned. Pure."""
