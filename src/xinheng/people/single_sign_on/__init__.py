"""Logging in through another body's login (OpenID Connect): what is set, and the way there and back."""
