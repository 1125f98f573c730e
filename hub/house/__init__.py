"""The rules of the house: accounts, centers, sign-ins. Told by entries without a meeting, read by administrators."""
