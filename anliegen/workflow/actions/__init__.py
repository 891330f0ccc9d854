"""What can be done with running requests: one function per use case, one transaction, under the request's lock."""

from anliegen.workflow.actions import _accounts as _accounts
from anliegen.workflow.actions import software as _software
from anliegen.workflow.actions.alarm import deny
from anliegen.workflow.actions.approvals import Said, decide, decide_together
from anliegen.workflow.actions.course import (
    cancel,
    hold,
    reject,
    reopen,
    reroute,
    reroute_job,
    resume,
    resume_job,
    revise,
    settle_job,
    start,
    start_job,
    timer_job,
)
from anliegen.workflow.actions.faults import carry_on, repair
from anliegen.workflow.actions.orders import cancel_order
from anliegen.workflow.actions.publishing import ServiceRefused, check_service, publish, publish_service
from anliegen.workflow.actions.reclassify import reclassify
from anliegen.workflow.actions.rights import JOBS as RIGHT_JOBS
from anliegen.workflow.actions.rights import person_left as withdraw_rights
from anliegen.workflow.actions.shared_tables import check_table, publish_table
from anliegen.workflow.actions.talk import accept, answer, ask
from anliegen.workflow.actions.tasks import (
    assign,
    call_in,
    complete,
    give_back,
    hand_over,
    plan,
    set_due,
    take,
    withdraw,
)

__all__ = [
    "RIGHT_JOBS",
    "Said",
    "ServiceRefused",
    "_software",
    "accept",
    "answer",
    "ask",
    "assign",
    "call_in",
    "cancel",
    "cancel_order",
    "carry_on",
    "check_service",
    "check_table",
    "complete",
    "decide",
    "decide_together",
    "deny",
    "give_back",
    "hand_over",
    "hold",
    "plan",
    "publish",
    "publish_service",
    "publish_table",
    "reclassify",
    "reject",
    "reopen",
    "repair",
    "reroute",
    "reroute_job",
    "resume",
    "resume_job",
    "revise",
    "set_due",
    "settle_job",
    "start",
    "start_job",
    "take",
    "timer_job",
    "withdraw",
    "withdraw_rights",
]
