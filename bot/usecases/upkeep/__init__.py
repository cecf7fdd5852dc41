"""Work that one process does for all: jobs, and deleting what is old."""
