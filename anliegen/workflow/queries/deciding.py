"""What those who decide look at besides the request itself, for many approvals at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from anliegen.workflow.models import Run, Vote


def votes_by_task(task_ids: Iterable[int]) -> Mapping[int, list[Vote]]:
    """All votes of these approvals, in the order in which they are asked. One statement."""
    found: dict[int, list[Vote]] = defaultdict(list)
    rows = Vote.objects.select_related("approver", "by").filter(task_id__in=list(task_ids))
    for vote in rows.order_by("position", "id"):
        found[vote.task_id].append(vote)
    return found


def products_by_run(run_ids: Iterable[int]) -> dict[int, str]:
    """The product that each pass is about, where its rules have named one. One statement."""
    rows = Run.objects.filter(pk__in=list(run_ids)).values_list("pk", "data__product")
    return {pk: product for pk, product in rows if isinstance(product, str) and product}
