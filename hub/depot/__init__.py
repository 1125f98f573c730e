"""Where objects stand: uploads as they come in, finished objects in a folder or in S3, and the sweep of what no entry names."""
