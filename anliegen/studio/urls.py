"""Addresses of the studio."""

from django.urls import path

from anliegen.studio.views import announcements, articles

urlpatterns = [
    path("", articles.home, name="studio"),
    path("knowledge/", articles.overview, name="studio-articles"),
    path("knowledge/new", articles.new, name="studio-article-new"),
    path("knowledge/persons", articles.persons, name="studio-persons"),
    path("knowledge/<slug:key>/", articles.edit, name="studio-article"),
    path("knowledge/<slug:key>/publish", articles.publish, name="studio-article-publish"),
    path("knowledge/<slug:key>/withdraw", articles.withdraw, name="studio-article-withdraw"),
    path("knowledge/<slug:key>/review", articles.review, name="studio-article-review"),
    path("knowledge/<slug:key>/picture", articles.picture, name="studio-article-picture"),
    path("announcements/", announcements.overview, name="studio-announcements"),
    path("announcements/<slug:announcement_id>/end", announcements.end, name="studio-announcement-end"),
]
