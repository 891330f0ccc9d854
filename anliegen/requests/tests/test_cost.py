"""Lists and pages take the same number of statements for 10 and for 1,000 requests."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from anliegen.requests import access, actions, queries
from anliegen.requests.models import JournalEntry, Participant, ServiceRequest
from anliegen.requests.tests.factories import NOW, Firm, submit, submitted


def statements(read: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as seen:
        read()
    return len(seen)


def copies(made: ServiceRequest, start: int, number: int) -> None:
    """As many requests like this one, written directly: the lists' statements are what is measured."""
    rows = []
    for index in range(start, start + number):
        row = ServiceRequest.objects.get(pk=made.pk) if not rows else rows[0]
        copy = ServiceRequest(**{f.attname: getattr(row, f.attname) for f in row._meta.fields if f.attname != "id"})
        copy.code = f"SR-{10_000 + index}"
        rows.append(copy)
    ServiceRequest.objects.bulk_create(rows)
    Participant.objects.bulk_create(
        Participant(service_request=row, person_id=row.requester_id, role="requester", since=NOW)
        for row in ServiceRequest.objects.filter(code__in=[row.code for row in rows])
    )


def test_lists_are_constant(who: Firm) -> None:
    made = submitted(who.owner)
    reads = (
        lambda: [r.item_version.item.category.key for r in queries.my_requests(who.owner, text="desk").rows],
        lambda: [r.requester.department for r in queries.find(who.agent, NOW, state="open").rows],
        lambda: [r.recipient.full_name for r in queries.find(who.colleague, NOW).rows],
    )
    copies(made, 0, 10)
    few = [statements(read) for read in reads]
    copies(made, 10, 990)
    assert [statements(read) for read in reads] == few
    assert max(few) <= 6  # on PostgreSQL the newest are looked at first


def test_the_record_is_constant(who: Firm) -> None:
    made = submitted(who.owner)

    def read() -> None:
        row = access.to_read(made.code, who.owner, NOW)
        queries.as_json(row, who.owner, NOW)
        [entry.actor.full_name for entry in queries.entries(row, who.owner, NOW) if entry.actor]

    def talk(count: int) -> None:
        last = JournalEntry.objects.filter(service_request=made).count()
        JournalEntry.objects.bulk_create(
            JournalEntry(service_request=made, seq=last + n, kind="message", actor=who.owner, at=NOW, text="x")
            for n in range(1, count + 1)
        )

    talk(10)
    few = statements(read)
    talk(990)
    assert statements(read) == few <= 10


def test_submitting_takes_the_same_statements_always(who: Firm) -> None:
    submit(who.owner)
    few = statements(lambda: submit(who.owner))
    for _ in range(20):
        submit(who.owner)
    assert statements(lambda: submit(who.owner)) == few
    assert few <= 35


def test_a_message_takes_few_statements(who: Firm) -> None:
    made = submitted(who.owner)
    sent = {"acting_user": who.owner, "now": NOW}
    assert statements(lambda: actions.message(made.code, "Hallo", key="k", **sent)) <= 20
