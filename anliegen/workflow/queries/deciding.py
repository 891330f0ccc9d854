"""What those who decide look at besides the request itself, for many approvals at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from anliegen.reads.prepared import Ids, Prepared
from anliegen.requests.models import ServiceRequest
from anliegen.workflow.models import Run, Task, Vote
from anliegen.workflow.queries.releases import graph_of, releases_of


def votes_by_task(task_ids: Iterable[int]) -> Mapping[int, list[Vote]]:
    """All votes of these approvals, in the order in which they are asked. One statement."""
    found: dict[int, list[Vote]] = defaultdict(list)
    for vote in _VOTES(ids=task_ids):
        found[vote.task_id].append(vote)
    return found


_VOTES = Prepared(
    lambda: Vote.objects.select_related("approver", "by").filter(task__in=Ids("ids")).order_by("position", "id")
)


def votes_of(service_request: ServiceRequest) -> list[Vote]:
    """All votes of a request with their steps, in the order in which the steps began. One statement."""
    rows = Vote.objects.select_related("approver", "by", "task").filter(task__service_request=service_request)
    return list(rows.order_by("task", "position", "id"))


def own_words(task_id: int) -> int:
    """The same for one approval; 0 where no justification is asked for. One statement."""
    return own_words_by_task([task_id]).get(task_id, 0)


def own_words_by_task(task_ids: Iterable[int]) -> dict[int, int]:
    """How long the approver's own written justification of a yes must be, by task, where one is asked for (R130).

    One statement.
    """
    rows = _NODES(ids=task_ids)
    releases = releases_of({release for _pk, _node, release in rows})
    nodes = {pk: graph_of(releases[release].model_version).nodes.get(node) for pk, node, release in rows}
    return {pk: node.own_words for pk, node in nodes.items() if node is not None and node.own_words}


_NODES = Prepared(lambda: Task.objects.filter(pk__in=Ids("ids")).values_list("pk", "node", "run__release"))


def products_by_run(run_ids: Iterable[int]) -> dict[int, str]:
    """The product that each pass is about, where its rules have named one. One statement."""
    rows = _PRODUCTS(ids=run_ids)
    return {pk: product for pk, product in rows if isinstance(product, str) and product}


_PRODUCTS = Prepared(lambda: Run.objects.filter(pk__in=Ids("ids")).values_list("pk", "data__product"))
