"""Papers: what is written for people to print, sign and keep, as DOCX and PDF, made by a child process with limits."""
