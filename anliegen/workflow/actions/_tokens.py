"""Tokens as rows: read into the engine's state, and written back where they changed."""

from anliegen.reads.prepared import Prepared, Slot
from anliegen.workflow import engine
from anliegen.workflow.models import Run, Token

_OF_RUN = Prepared(lambda: Token.objects.filter(run=Slot("run")).order_by("number"))


def of(run: Run) -> list[Token]:
    """The tokens of a pass. One statement."""
    return _OF_RUN(run=run.pk)


def state(rows: dict[int, Token]) -> engine.State:
    """The engine's state, from the rows by their numbers."""
    return engine.State(
        tokens=tuple(
            engine.Token(id=row.number, node=row.node, arrived_by=row.arrived_by, waiting=row.waiting)
            for row in rows.values()
        )
    )


def save(run: Run, rows: dict[int, Token], moved: engine.State) -> None:
    """Write what moved, came and went, and let `rows` follow. At most two statements, and one for each that moved."""
    alive = {token.id: token for token in moved.tokens}
    gone = [rows.pop(number).pk for number in list(rows) if number not in alive]
    if gone:
        Token.objects.filter(pk__in=gone).delete()
    fresh = []
    for number, token in alive.items():
        row = rows.get(number)
        if row is None:
            rows[number] = Token(
                run=run, number=token.id, node=token.node, arrived_by=token.arrived_by, waiting=token.waiting
            )
            fresh.append(rows[number])
        elif (row.node, row.arrived_by, row.waiting) != (token.node, token.arrived_by, token.waiting):
            row.node, row.arrived_by, row.waiting = token.node, token.arrived_by, token.waiting
            row.save(update_fields=["node", "arrived_by", "waiting"])
    if fresh:
        Token.objects.bulk_create(fresh)
