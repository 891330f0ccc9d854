"""The one table that says who reacts to what, and which function does which kind of job.

Handlers run at once, in this order, inside the transaction of what happened; each may refuse by raising a domain error.
Nested events queue first in, first out. The audit trail is written at the end of each command, for every event.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta

from anliegen import jobs
from anliegen.assets import queries as assets
from anliegen.audit import actions as audit
from anliegen.catalogue import actions as shelf
from anliegen.catalogue import events as offer
from anliegen.catalogue import handlers as offered
from anliegen.catalogue.queries import answers as catalogue
from anliegen.catalogue.queries import docs
from anliegen.files import actions as files
from anliegen.jobs import Recurring
from anliegen.knowledge import actions as knowledge
from anliegen.lib import bus, clock
from anliegen.lib.bus import Handler
from anliegen.lib.events import Event
from anliegen.notifications import actions as notices
from anliegen.notifications import handlers as notifications
from anliegen.people import actions as persons
from anliegen.people import events as people
from anliegen.project import upkeep
from anliegen.requests import actions as record
from anliegen.requests import events as requests
from anliegen.requests import handlers as renamed
from anliegen.requests import indexing
from anliegen.search import actions as search
from anliegen.search import rebuilding
from anliegen.search.actions import Doc
from anliegen.sla import handlers as sla
from anliegen.workflow import events as workflow
from anliegen.workflow import handlers as running

REACTIONS: Mapping[type[Event | bus.Command], Sequence[Handler]] = {
    bus.Command: (notifications.tell, audit.record),
    offer.ItemPublished: (offered.item_changed,),
    offer.ItemRetired: (offered.item_changed,),
    offer.CategorySaved: (offered.category_saved,),
    requests.Submitted: (sla.start, running.submitted),
    requests.MessageSent: (sla.message_sent,),
    workflow.TaskOpened: (sla.task_opened,),
    workflow.TaskSettled: (sla.task_settled,),
    workflow.TaskWithdrawn: (sla.task_withdrawn,),
    workflow.TaskDecided: (sla.decided,),
    workflow.DecisionMade: (sla.decided,),
    workflow.Ended: (sla.ended,),
    workflow.Reclassified: (sla.reclassified,),
    workflow.Reopened: (sla.reopened,),
    people.Deactivated: (running.person_left,),
    people.PersonChanged: (renamed.person_changed,),
}

JOBS: jobs.Table = {
    **running.JOBS,
    record.JOB: record.order_job,
    notices.KIND: notices.SENDING,
    "notifications.forget": notices.forget_bodies,
    "people.contact": persons.contact_job,
    "audit.seal": audit.seal,
    "audit.purge_commands": audit.purge_commands,
    "files.sweep": files.sweep,
    renamed.RENAMED: indexing.person_changed,
    "search.forget_gaps": search.forget_gaps,
    "database.analyse": upkeep.analyse,
    "catalogue.give_back": shelf.give_back,
    knowledge.FORGET: knowledge.forget,
}

RECURRING = (
    Recurring("audit.seal", timedelta(seconds=10)),
    Recurring("audit.purge_commands", timedelta(hours=1)),
    Recurring("files.sweep", timedelta(hours=6)),
    Recurring("catalogue.give_back", timedelta(hours=1)),
    Recurring("notifications.forget", timedelta(days=1)),
    Recurring("search.forget_gaps", timedelta(days=1)),
    Recurring("database.analyse", timedelta(days=1)),
    Recurring(knowledge.FORGET, timedelta(days=1)),
)


REGISTERS: catalogue.Registers = {"program": assets.program_named, "right": assets.right_labels}


SEARCHED: Mapping[str, Callable[[], Iterable[Doc]]] = {
    "item": docs.all_docs,
    "article": knowledge.article_docs,
    "announcement": lambda: knowledge.announcement_docs(clock.now()),
}


def bind() -> None:
    """Bind the tables; called once when the program starts."""
    rebuilding.bind(SEARCHED, indexing)
    catalogue.bind_registers(REGISTERS, assets.program_price)
    bus.bind(REACTIONS)
    jobs.bind(JOBS, RECURRING)
