from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class SearchConfig(AppConfig):
    name = "anliegen.search"
    label = "search"

    def ready(self) -> None:
        post_migrate.connect(_tidy, sender=self)


def _tidy(**_given: Any) -> None:
    """After a flush the full text of SQLite, which is no table of Django's, would still hold the old rows."""
    from anliegen.search import store

    store.forget_leftovers()
