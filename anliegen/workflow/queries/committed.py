"""Whether something was already ordered or installed, so that a request cannot simply be changed (domain)."""

from django.db.models import Q

from anliegen.workflow.models import Run, Task
from anliegen.workflow.queries import releases
from anliegen.workflow.rules import TaskState


def is_committed(run: Run) -> bool:
    """Whether a step of this pass that commits was taken or completed. One statement."""
    graph = releases.graph_of(run.release.model_version)
    nodes = [node.id for node in graph.nodes.values() if node.commits]
    if not nodes:
        return False
    begun = Q(state__in=(TaskState.SETTLED, TaskState.DONE)) | Q(state=TaskState.OPEN, assignee__isnull=False)
    return Task.objects.filter(begun, run=run, node__in=nodes).exists()
