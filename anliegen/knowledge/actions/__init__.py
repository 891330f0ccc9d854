"""Writes of knowledge: one function per use case."""

from anliegen.knowledge.actions.announcing import announce, announcement_docs, dismiss, end_announcement
from anliegen.knowledge.actions.forgetting import FORGET, forget
from anliegen.knowledge.actions.pictures import add_picture
from anliegen.knowledge.actions.rating import say_missing, vote
from anliegen.knowledge.actions.writing import Care, Changed, article_docs, publish, review, save, withdraw

__all__ = [
    "FORGET",
    "Care",
    "Changed",
    "add_picture",
    "announce",
    "announcement_docs",
    "article_docs",
    "dismiss",
    "end_announcement",
    "forget",
    "publish",
    "review",
    "save",
    "say_missing",
    "vote",
    "withdraw",
]
