"""Addresses of the portal. They hold codes and keys, never ids of rows."""

from django.urls import path

from anliegen.portal.session_urls import urlpatterns as session
from anliegen.portal.views import (
    approvals,
    catalogue,
    item,
    profile,
    receipt,
    request,
    requests,
    start,
    statements,
    suggest,
)

urlpatterns = [
    path("", start.start, name="start"),
    path("catalogue/", catalogue.catalogue, name="catalogue"),
    path("catalogue/choose", catalogue.choose, name="choose"),
    path("catalogue/item/<slug:key>/", item.item, name="item"),
    path("catalogue/item/<slug:key>/form", item.live, name="item-live"),
    path("catalogue/<slug:key>/", catalogue.category, name="category"),
    path("drafts/<slug:draft_id>/discard", item.discard, name="discard-draft"),
    path("suggest/<slug:what>", suggest.suggest, name="suggest"),
    path("requests/", requests.my_requests, name="my-requests"),
    path("requests/confirmation/<str:code>/", item.confirmation, name="confirmation"),
    path("requests/<str:code>/", request.page, name="request"),
    path("requests/<str:code>/live", request.live, name="request-live"),
    path("requests/<str:code>/message", request.message, name="request-message"),
    path("requests/<str:code>/answer", request.answer, name="request-answer"),
    path("requests/<str:code>/accept", request.accept, name="request-accept"),
    path("requests/<str:code>/reopen", request.reopen, name="request-reopen"),
    path("requests/<str:code>/again", request.again, name="request-again"),
    path("requests/<str:code>/cancel", request.cancel, name="request-cancel"),
    path("requests/<str:code>/correct", request.correct, name="request-correct"),
    path("requests/<str:code>/not-me", request.not_me, name="request-not-me"),
    path("requests/<str:code>/people", request.people, name="request-people"),
    path("requests/<str:code>/receipt", receipt.receipt, name="request-receipt"),
    path("requests/<str:code>/export.json", requests.export, name="request-export"),
    path("requests/<str:code>/archive.zip", requests.archive, name="request-archive"),
    path("requests/<str:code>/files/<str:file_id>", requests.download, name="request-file"),
    path("approvals/", approvals.approvals, name="approvals"),
    path("approvals/<str:code>/", approvals.decide, name="decide"),
    path("approvals/<str:code>/question", approvals.ask, name="approval-question"),
    path("profile/", profile.profile, name="profile"),
    path("more/", profile.more, name="more"),
    path("accessibility", statements.accessibility, name="accessibility"),
    path("privacy", statements.privacy, name="privacy"),
    path("outbox/", profile.outbox, name="outbox"),
    *session,
]
