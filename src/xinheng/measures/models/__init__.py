"""What is stored of measures: the publications of their list, and what the engine makes of them."""
