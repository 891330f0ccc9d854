"""Backup and restore: database and files as one consistent set, while people work.

An archive is a ZIP file: the database as of one moment, every file that its rows name, and a manifest. First the
snapshot is taken, then the files are copied: their contents never change, and nothing is swept away meanwhile. Left out
is what must not live twice: sessions, the cache, who worked, muteness. A restored copy is *mute* until it is released.
"""


class BackupError(Exception):
    """Why it was not done, as a sentence for the operator."""
