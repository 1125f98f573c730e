"""Spreadsheets that people bring and take away: CSV and XLSX. What is brought is read by a child process with limits."""
