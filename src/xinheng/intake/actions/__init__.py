"""The only door for statements: receiving a file, deciding its columns, and processing it into a batch."""
