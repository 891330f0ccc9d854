"""Shared tables: versioned, dated, asked when the decision is made; a team comes from them with a sentence."""

from datetime import timedelta
from pathlib import Path

import pytest

from anliegen.catalogue.rules import TargetContent
from anliegen.catalogue.tests.factories import content
from anliegen.lib.errors import Forbidden
from anliegen.people import actions as people
from anliegen.people.access import day
from anliegen.requests.models import JournalEntry, ServiceRequest
from anliegen.workflow import actions, cli
from anliegen.workflow.actions import ServiceRefused, library
from anliegen.workflow.models import SharedTable
from anliegen.workflow.queries.ahead import steps_ahead
from anliegen.workflow.queries.shared import in_force
from anliegen.workflow.rules import ServiceFiles
from anliegen.workflow.tests import factories
from anliegen.workflow.tests.factories import NOW, SYSTEM, Stage, arrow, model, user

pytestmark = pytest.mark.django_db
HEAD = "hit,FIRST\nin:request.text,out:team:string,note:de,note:en\n"
ROUTING = HEAD + "~ säge*,workshop,Es geht um Sägen.,It is about saws.\n-,service-desk,Sonst.,Otherwise.\n"
FORM = {
    "format": 1,
    "questions": [{"key": "what", "type": "text", "label": {"de": "Was?", "en": "What?"}, "required": True}],
}
ROUTED = model(
    '<startEvent id="start"/>', arrow("start", "route"),
    '<businessRuleTask id="route" name="Weiterleiten" anl:nameEn="Route" anl:table="routing"/>\n',
    arrow("route", "work"), user("work", "work", "step:route"), arrow("work", "accept"), factories.ACCEPTANCE,
)  # fmt: skip


@pytest.fixture
def stage() -> Stage:
    return factories.stage()


def publish(text: str = ROUTING, **more: object) -> SharedTable:
    return actions.publish_table("routing", text, **{**SYSTEM, **more})


def ask(stage: Stage, text: str) -> ServiceRequest:
    return stage.order(answers={"what": text})


def why(request: ServiceRequest) -> JournalEntry:
    return JournalEntry.objects.get(service_request=request, rule="table:routing")


@pytest.mark.parametrize(
    ("said", "team", "sentence"),
    [("Die SÄGE ist stumpf", "workshop", "routed"), ("Wo ist die Saege?", "workshop", "routed"),
     ("Wer hilft mir?", "service-desk", "routed")],
)  # fmt: skip
def test_the_words_decide_which_team_gets_it(stage: Stage, said: str, team: str, sentence: str) -> None:
    publish()
    factories.publish(ROUTED, form=FORM)
    request = ask(stage, said)
    found = stage.task(request, "work").team
    assert found is not None
    assert found.key == team
    entry = why(request)
    assert (entry.sentence, entry.rule_version, entry.params["team"]) == (sentence, "routing 1", found.name)
    assert said not in str(entry.inputs)


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [("~ nie,workshop,x,x\n", "routed-no-rule"), ("-,empty,x,x\n", "routed-nobody-there")],
)
def test_where_no_team_is_found_the_service_desk_gets_it(stage: Stage, rows: str, sentence: str) -> None:
    people.put_team("empty", **SYSTEM, name={"de": "Leer", "en": "Empty"}, company=stage.firm.owner.company)
    publish(HEAD + rows)
    factories.publish(ROUTED, form=FORM)
    request = ask(stage, "Säge")
    assert stage.task(request, "work").team.key == "service-desk"  # type: ignore[union-attr]
    assert why(request).sentence == sentence


def test_the_version_in_force_at_the_decision_counts_and_is_stored(stage: Stage) -> None:
    publish()
    factories.publish(ROUTED, form=FORM)
    first = ask(stage, "Säge")
    publish(HEAD + "-,service-desk,Alles.,All.\n", valid_from=day(NOW) + timedelta(days=3))
    second = ask(stage, "Säge")
    stage.now += timedelta(days=3)
    third = ask(stage, "Säge")
    assert [why(one).rule_version for one in (first, second, third)] == ["routing 1", "routing 1", "routing 2"]
    assert [stage.task(one, "work").team.key for one in (first, second, third)] == [  # type: ignore[union-attr]
        "workshop", "workshop", "service-desk",
    ]  # fmt: skip


def test_an_own_table_of_that_name_comes_first(stage: Stage) -> None:
    publish()
    factories.publish(ROUTED, form=FORM, tables={"routing": HEAD + "-,service-desk,Eigene.,Own.\n"})
    request = ask(stage, "Säge")
    assert (stage.open(request), why(request).rule_version) == (["work"], "desktop 1")
    assert stage.task(request, "work").team.key == "service-desk"  # type: ignore[union-attr]


def test_the_way_ahead_tells_the_team_before_sending(stage: Stage) -> None:
    publish()
    version = factories.publish(ROUTED, form=FORM).item_version
    jana = stage.firm.owner
    steps = steps_ahead(version, answers={"what": "Säge"}, now=NOW, requester=jana, recipient=jana)
    assert [(one.node, one.who) for one in steps if one.node == "work"] == [("work", ("Werkstatt",))]


def test_the_same_table_again_is_the_same_version(stage: Stage) -> None:
    assert publish() == publish()
    assert publish(ROUTING.replace("Sonst", "Anders")).number == 2
    assert in_force("routing", NOW).version == "routing 2"  # type: ignore[union-attr]
    assert in_force("routing", NOW - timedelta(days=1)) is None


@pytest.mark.parametrize(
    ("text", "place", "word"),
    [
        (HEAD + "-,workshp,x,x\n", "tables/routing.csv#1", "workshop"),
        (HEAD.replace("request.text", "answers.what") + "-,workshop,x,x\n", "tables/routing.csv", "answers"),
        ("hit,SOME\n", "tables/routing.csv", ""),
        (HEAD + "~ ,workshop,x,x\n", "tables/routing.csv#1", ""),
    ],
)
def test_a_broken_table_is_refused(stage: Stage, text: str, place: str, word: str) -> None:
    with pytest.raises(ServiceRefused) as refused:
        publish(text)
    assert refused.value.problems[0][0] == place
    assert word in refused.value.problems[0][1]
    assert not SharedTable.objects.exists()


def test_only_who_may_publish_publishes_tables(stage: Stage) -> None:
    for person in (stage.firm.owner, stage.firm.agent, stage.firm.outsider):
        with pytest.raises(Forbidden):
            publish(acting_user=person)
    assert publish(acting_user=stage.firm.process_owner).published_by == stage.firm.process_owner


@pytest.mark.parametrize(("who", "place"), [("step:rout", "#work"), ("step:work", "#work"), ("table:nothing", "#work")])
def test_a_step_that_names_nobody_is_refused(stage: Stage, who: str, place: str) -> None:
    publish()
    with pytest.raises(ServiceRefused) as refused:
        factories.publish(ROUTED.replace(b"step:route", who.encode()), form=FORM)
    assert refused.value.problems[0][0].endswith(place)


def test_an_own_table_that_names_an_unknown_team_is_refused(stage: Stage) -> None:
    with pytest.raises(ServiceRefused) as refused:
        factories.publish(ROUTED, form=FORM, tables={"routing": HEAD + "-,service-dsk,x,x\n"})
    assert refused.value.problems == [
        ("tables/routing.csv#1", "'routing': unknown team 'service-dsk'. Did you mean 'service-desk'?")
    ]


def test_the_library_brings_its_shared_tables(stage: Stage, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.library_check([str(library.SHIPPED / library.TABLES)]) == 1  # its teams are not here
    assert "facilities" in capsys.readouterr().err


def test_what_may_become_wrong_is_told_and_published(stage: Stage) -> None:
    people.put_team("empty", **SYSTEM, name={"de": "Leer", "en": "Empty"}, company=stage.firm.owner.company)
    xml = factories.usual(work=user("work", "work", "team:empty", due="P4D", commits="true"))
    targets = (TargetContent(measure="fulfilment", minutes=60),)
    found = actions.check_service(service(xml, targets), now=NOW)
    assert found.errors == []
    assert [text.split(" ")[0] for _place, text in found.warnings] == ["'work", "The"]
    assert "nobody holds 'empty'" in found.warnings[0][1]
    assert "60 minutes" in found.warnings[1][1]


def service(xml: bytes, targets: tuple[TargetContent, ...]) -> ServiceFiles:
    item = content(targets=targets)
    return ServiceFiles(key="desktop", name=factories.both("Probe"), item=item, xml=xml)


def test_names_are_not_checked_where_there_are_no_teams_and_that_is_told(db: None) -> None:
    found = actions.check_service(service(factories.usual(), ()), now=NOW)
    assert found.errors == []
    assert [text for _place, text in found.warnings if "no teams" in text]
