"""The fictional county: its files are made, taken in, and lived in for some weeks."""
