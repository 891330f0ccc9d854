"""Lists that renew themselves: silent until something changes, lines in their places, the counters."""

import json

from django.db import connection
from django.test.utils import CaptureQueriesContext

from anliegen.people.models import User
from anliegen.portal.tests.conftest import browser
from anliegen.workflow import actions
from anliegen.workflow.tests.factories import NOW, Stage


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined,no-any-return]


def test_silent_until_something_changes_then_lines_and_counters(scene: Stage) -> None:
    one, jana = scene.order(), browser(scene.firm.owner)
    page = text(jana.get("/"))
    assert f'id="line-{one.code}"' in page and "/live/lines?on=start" in page
    first = jana.get(f"/live/lines?on=start&seen=&codes={one.code}")
    assert "srm:announce" not in first.get("HX-Trigger", "")
    token = text(first).partition("seen=")[2].partition("&")[0]
    same = f"/live/lines?on=start&seen={token}&codes={one.code}"
    assert jana.get(same).status_code == 204

    actions.ask(scene.task(one, "check").pk, "Rot?", acting_user=scene.firm.agent, now=NOW)
    news = jana.get(same)
    assert f'hx-swap-oob="innerMorph:#line-{one.code}"' in text(news)
    assert "Wartet auf Sie" in text(news)
    told = json.loads(news["HX-Trigger"])
    assert told["srm:counts"] == {"requests": 1, "approvals": 0}
    assert told["srm:announce"]["text"] == "1 Anfrage wartet auf Sie."


def test_what_is_new_is_told_and_not_moved_in(scene: Stage) -> None:
    one, jana = scene.order(), browser(scene.firm.owner)
    other = scene.order()
    news = text(jana.get(f"/live/lines?on=start&seen=x&codes={one.code}"))
    assert "Es gibt etwas Neues" in news and other.code not in news
    assert "Es gibt etwas Neues" not in text(jana.get(f"/live/lines?on=mine&seen=x&codes={one.code}"))


def test_nobody_learns_of_foreign_requests(scene: Stage) -> None:
    one = scene.order()
    for codes in (one.code, "SR-9999999", "x" * 5_000, ","):
        answer = browser(scene.firm.outsider).get(f"/live/lines?seen=x&codes={codes}")
        assert answer.status_code == 200
        assert "line-" not in text(answer)


def test_who_switched_it_off_is_asked_nothing(scene: Stage) -> None:
    scene.order()
    User.objects.filter(pk=scene.firm.owner.pk).update(live_updates=False)
    assert "data-poll" not in text(browser(scene.firm.owner).get("/"))


def test_a_silent_poll_costs_few_statements(scene: Stage) -> None:
    one, jana = scene.order(), browser(scene.firm.owner)
    token = text(jana.get(f"/live/lines?codes={one.code}")).partition("seen=")[2].partition("&")[0]
    with CaptureQueriesContext(connection) as seen:
        assert jana.get(f"/live/lines?seen={token}&codes={one.code}").status_code == 204
    assert len(seen) <= 5
