"""What an item is and what may be answered to it, in pure values."""

from anliegen.catalogue.rules.words import Channel, Kind, Measure

__all__ = ["Channel", "Kind", "Measure"]
