"""Long work as jobs: kept in a table, done by child processes of low priority, taken up again after a crash."""
