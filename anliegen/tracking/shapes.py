"""What the story of a request consists of: plain values, ready to be shown, made for one viewer."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose turn it is: exactly one answer (ux/spec rule 5).

    kind: you, person, team, system or nobody. `name` is what stands first, `detail` who exactly.
    """

    kind: str
    name: str = ""
    detail: str = ""
    person: str = ""  # who of the team has taken it
    since: datetime | None = None
    reason: str = ""  # why this person or team, as a sentence
    task_id: int | None = None
    asks: str = ""  # of the viewer, as `Question.kind`; "step" is a step of the model with its own form
    text: str = ""  # the question of a team, as it was put


@dataclass(frozen=True, slots=True)
class Phase:
    """One of the three to seven parts of the way; state: done, current, ahead."""

    key: str
    name: str
    state: str
    at: datetime | None = None
    who: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """What one team or person does, has done or will do, with its plan (R124); state as in words.TASK_STATE."""

    task_id: int
    node: str
    visit: int
    team: str
    name: str
    person: str
    start: datetime | None
    end: datetime | None
    place: str
    due: datetime | None
    done_at: datetime | None
    state: str
    clash: bool = False  # another one is planned at the same time and place
    phase: str = ""


@dataclass(frozen=True, slots=True)
class Why:
    """One automatic decision in a sentence, with what it was decided from (R: explained)."""

    at: datetime
    text: str
    rule: str
    version: str
    inputs: dict[str, Any]
    result: Any


@dataclass(frozen=True, slots=True)
class Question:
    """What the viewer is asked: to answer a team, to correct something, or to confirm. One click where possible."""

    kind: str  # answer | complete | correct | accept | approve
    task_id: int
    heading: str
    text: str
    asked_by: str = ""
    deadline: datetime | None = None
    own_step: bool = False  # a step of the model with its own form, not a question of a team


@dataclass(frozen=True, slots=True)
class Line:
    """A request in a list."""

    code: str
    title: str
    lang: str
    status: str
    word: str
    icon: str
    tone: str
    turn: Turn
    step: int
    steps: int
    phase: str
    date: datetime | None
    date_kind: str  # promise | ended
    recipient: str
    requester: str
    department: str
    confidential: bool
    received_at: datetime
    late: bool

    @property
    def needs_you(self) -> bool:
        return self.turn.kind == "you"


@dataclass(frozen=True, slots=True)
class Ahead:
    """A step that is still to come: "So geht es weiter"."""

    text: str
    when: str
    certain: bool
    kind: str = ""
    who: str = ""
    reason: str = ""
    together: bool = False  # at the same time as the step before it or after it


@dataclass(frozen=True, slots=True)
class Story:
    """Everything that the pages and mails of one request tell one viewer, in that viewer's language."""

    code: str
    title: str
    lang: str
    status: str
    word: str
    icon: str
    tone: str
    turn: Turn
    questions: tuple[Question, ...]
    promise: datetime | None
    wish: date | None
    late: bool
    phases: tuple[Phase, ...]
    parts: tuple[Part, ...]
    ahead: tuple[Ahead, ...]
    whys: tuple[Why, ...]
    version: int
    end_text: str = ""
    held_reason: str = ""
    forecast: datetime | None = None  # when it will probably be done, by what suppliers confirmed
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Agreed:
    """One agreed time of an item, in words ("2 Arbeitstage") (R28)."""

    measure: str
    word: str
    amount: str
    from_stock: bool = False  # it holds where the thing lies in stock


@dataclass(frozen=True, slots=True)
class Preview:
    """What an item page says before ordering: the date first, cost, steps and approvers (R28, R152)."""

    expected: datetime | None
    agreed: tuple[Agreed, ...]
    cents: int
    monthly_cents: int
    steps: tuple[Ahead, ...]
    approvers: tuple[str, ...]
    free_of_approval: bool
    unpriced: bool = False  # nobody can say yet what it costs
    decisions: tuple[tuple[str, str], ...] = ()  # who decides, and why this person


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task in a list of the desk, with its request and clock."""

    task_id: int
    code: str
    node: str
    visit: int
    title: str
    lang: str
    name: str
    kind: str
    team: str
    assignee: str
    assignee_id: int | None
    requester: str
    department: str
    channel: str
    due: datetime | None
    started: datetime
    bucket: str  # late | soon | today | later | none
    share: int  # used part of the time, 0 to 100
    status: str
    confidential: bool
