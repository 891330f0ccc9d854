"""Anliegen: service request management, from the catalogue to the accepted closing."""

__version__ = "0.1.dev0"
