"""Accessibility of every screen."""
