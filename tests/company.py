"""The demo company as tests see it: one desktop PC that waits for its budget, and people on every side of it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

from django.test import Client

from anliegen.demo import load
from anliegen.desk.queries.case import step_key
from anliegen.files import actions as files
from anliegen.people import actions as people
from anliegen.people.models import User
from anliegen.portal.adapters import FACTOR_DONE
from anliegen.requests import actions as requests
from anliegen.requests.models import ServiceRequest
from anliegen.requests.rules import Line
from anliegen.workflow import actions as workflow
from anliegen.workflow.models import Task
from anliegen.workflow.rules import TaskState

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)  # Wednesday, 10:00 in Kiel
ROLES = {
    "anonymous": "",
    "owner": "Jana Sommer",
    "colleague": "Arne Ketelsen",
    "agent": "Nele Krüger",
    "fulfiller": "Mo Haddad",  # his team was called in
    "approver": "Silke Marten",
    "process_owner": "Katrin Ohlsen",
    "administrator": "Frauke Lorenzen",
    "left": "Mira Köhler",
}
BACKEND = "anliegen.portal.adapters.SignInBackend"


@dataclass(frozen=True, slots=True)
class Company:
    """`own` is Jana's, decided by Silke, with Mo's team called in; none of them takes part in `foreign`."""

    own: ServiceRequest
    foreign: ServiceRequest
    file_id: str
    foreign_file_id: str
    draft_id: str

    def person(self, role: str) -> User:
        return person(ROLES[role])

    def step(self, of: ServiceRequest, node: str) -> str:
        """How a task is named in addresses."""
        return step_key(Task.objects.filter(service_request=of, node=node).latest("id"))

    def side_step(self) -> str:
        """The task of the team that was called in."""
        return step_key(Task.objects.filter(service_request=self.own, kind="side").latest("id"))


def person(name: str) -> User:
    first, last = name.split(" ", 1)
    return User.objects.get(first_name=first, last_name=last)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    session = client.session
    session[FACTOR_DONE] = NOW.date().isoformat()
    session.save()
    return client


def order(who: str, item: str = "desktop", **answers: Any) -> ServiceRequest:
    """One request through the portal."""
    user = person(who)
    answers = answers or {"build": "standard", "place": user.place.code}  # type: ignore[union-attr]
    line = Line(item_key=item, answers=answers, justification="Für den Test.")
    sent = requests.submit([line], acting_user=user, channel="portal", key=f"order-{who}-{item}", now=NOW)
    return sent.service_requests.get()


def found() -> Company:
    """Load it into the database of the test."""
    load.load(now=NOW - timedelta(hours=2), small=True)
    own, foreign = _to_approval("Jana Sommer"), order("Kai Lorenz", "move", new_place="C 1.02", things=["furniture"])
    workflow.call_in(own.code, "software", "Bitte die Lizenz prüfen.", acting_user=person("Nele Krüger"), now=NOW)
    return Company(
        ServiceRequest.objects.get(pk=own.pk),
        ServiceRequest.objects.get(pk=foreign.pk),
        _attached(own, "Jana Sommer"),
        _attached(foreign, "Kai Lorenz"),
        _draft("Jana Sommer"),
    )


def _to_approval(who: str) -> ServiceRequest:
    sent = order(who)
    task = Task.objects.get(service_request=sent, node="check", state=TaskState.OPEN)
    workflow.complete(
        task.pk, acting_user=person("Henrik Thomsen"), outcome="complete", outputs={}, key=f"check-{sent.code}", now=NOW
    )
    return sent


def _attached(to: ServiceRequest, who: str) -> str:
    owner = person(who)
    content = BytesIO(b"%PDF-1.4\n% Angebot\n%%EOF\n")
    stored = files.stage(content, name="angebot.pdf", media_type="application/pdf", owner_id=owner.pk, now=NOW)
    requests.attach(to.code, [stored.public_id], acting_user=owner, key=f"attach-{to.code}", now=NOW)
    return stored.public_id


def _draft(who: str) -> str:
    from anliegen.catalogue import actions as catalogue
    from anliegen.catalogue.actions.drafts import DraftContent

    content = DraftContent(answers={"build": "cad"}, justification="Noch nicht fertig.")
    return catalogue.save_draft(content, owner=person(who), item_key="move", now=NOW, draft_id=None).public_id


def leave(who: str) -> None:
    """This person is no longer with the company."""
    people.deactivate(person(who).pk, acting_user=None, now=NOW)


def cart_line(who: str) -> str:
    """A desktop PC that waits in somebody's cart."""
    from anliegen.catalogue import actions as catalogue
    from anliegen.catalogue.actions.drafts import DraftContent

    user = person(who)
    answers = {"build": "standard", "place": user.place.code}  # type: ignore[union-attr]
    content = DraftContent(answers=answers, justification="Mein PC ist kaputt.", in_cart=True)
    return catalogue.save_draft(content, owner=user, item_key="desktop", now=NOW).public_id
