"""What keeps a hub in good order beside its work: backups, verification, and how it fares."""
