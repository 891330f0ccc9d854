"""What is read from BPMN, and what is refused with its line."""

import json
import re
from pathlib import Path

import pytest

from anliegen.lib import cel
from anliegen.lib.text import LocalText
from anliegen.workflow import engine
from anliegen.workflow.engine import Choice, FieldSpec, Graph, ModelRefused, NodeKind, Phase
from anliegen.workflow.engine.messages import where
from anliegen.workflow.tests.engine.bpmn import HEAD, document, written
from anliegen.workflow.tests.engine.build import model
from anliegen.workflow.tests.engine.random_models import sound

DOCS = Path(__file__).parents[4] / "docs" / "dev" / "bpmn-subset.md"
ENDS = '<startEvent id="s"/><endEvent id="e"/>'


def refused(xml: bytes) -> list[tuple[str, str]]:
    with pytest.raises(ModelRefused) as found:
        engine.read(xml)
    return [(problem.element, problem.code) for problem in found.value.problems]


def example() -> Graph:
    xml = re.search(r"```xml\n(.*?)```", DOCS.read_text(), re.DOTALL)
    assert xml
    return engine.read(xml[1].encode())


def test_the_documented_example_can_be_published():
    schema = cel.Schema({"request": cel.Object({"total_cents": cel.INT})})
    environment = engine.Environment(schema, teams=frozenset({"facilities"}))
    assert engine.check(example(), environment) == []


def test_the_documented_example_is_read_whole():
    graph = example()
    assert (graph.gate, graph.reopen_at) == ("accept", "make")
    assert graph.phases[0] == Phase("approval", LocalText("Genehmigung", "Approval"))
    assert graph.name == LocalText("Schlüssel bestellen", "Order a key")
    assert graph.boundaries["late"].timer == "R3/P1D"
    assert graph.nodes["rejected"].kind is NodeKind.TERMINATE
    assert graph.nodes["approve"].outcomes == ("yes", "no")
    assert graph.nodes["make"].commits
    assert graph.nodes["make"].form == (
        FieldSpec("key_number", "text", LocalText("Schlüsselnummer", "Key number"), True),
    )


@pytest.mark.parametrize("seed", range(15))
def test_a_written_model_is_read_as_it_was(seed):
    graph = sound(seed)
    found = engine.read(written(graph))
    assert {n.id: (n.kind, n.who) for n in found.nodes.values()} == {
        n.id: (n.kind, n.who) for n in graph.nodes.values()
    }
    assert dict(found.flows) == dict(graph.flows)
    assert Graph.from_json(json.loads(json.dumps(found.to_json()))) == found


def test_a_choice_is_read_with_its_options():
    field = '<anl:field name="way" type="choice" de="Weg" en="Way"><anl:option value="post" de="Post" en="Post"/></anl:field>'
    task = f'<userTask id="a"><extensionElements>{field}</extensionElements></userTask>'
    (spec,) = engine.read(document(ENDS + task)).nodes["a"].form
    assert spec.options == (Choice("post", LocalText("Post", "Post")),)
    assert spec.cel_type == cel.Enum("post")


def test_a_lane_says_who_does_its_steps_unless_they_do():
    lanes = (
        '<laneSet id="l"><lane id="x" name="IT" anl:who="team:it"><flowNodeRef>a</flowNodeRef>'
        "<flowNodeRef>b</flowNodeRef></lane></laneSet>"
    )
    graph = engine.read(document(f'{ENDS}{lanes}<userTask id="a"/><userTask id="b" anl:who="manager"/>'))
    assert [graph.nodes[key].who for key in "ab"] == ["team:it", "manager"]
    assert graph.nodes["a"].lane == "IT"


@pytest.mark.parametrize(
    ("attribute", "who"),
    [
        ('camunda:candidateGroups="it, facilities"', "team:it, team:facilities"),
        ('camunda:assignee="a@b.c"', "person:a@b.c"),
    ],
)
def test_who_does_it_is_read_from_models_of_other_tools(attribute, who):
    assert engine.read(document(f'{ENDS}<userTask id="a" {attribute}/>')).nodes["a"].who == who


def test_several_instances_side_by_side_or_in_turn():
    loop = '<userTask id="{0}"><multiInstanceLoopCharacteristics{1}/></userTask>'
    xml = document(ENDS + loop.format("a", "") + loop.format("b", ' isSequential="true"'))
    assert [engine.read(xml).nodes[key].multi for key in "ab"] == ["parallel", "sequential"]


def test_a_condition_may_be_wrapped():
    flow = '<sequenceFlow id="f" sourceRef="s" targetRef="e"><conditionExpression>${ a == 1 }</conditionExpression></sequenceFlow>'
    assert engine.read(document(ENDS + flow)).flows["f"].condition == "a == 1"


REFUSED = {
    '<scriptTask id="x"/>': ("x", "not-supported"),
    '<subProcess id="x"/>': ("x", "not-supported"),
    '<manualTask id="x"/>': ("x", "not-supported"),
    '<complexGateway id="x"/>': ("x", "not-supported"),
    '<startEvent id="x"><messageEventDefinition/></startEvent>': ("x", "not-supported"),
    '<endEvent id="x"><errorEventDefinition/></endEvent>': ("x", "not-supported"),
    '<userTask id="x"><standardLoopCharacteristics/></userTask>': ("x", "not-supported"),
    '<userTask id="x"><extensionElements><camunda:formData/></extensionElements></userTask>': ("x", "not-supported"),
    '<userTask id="x" camunda:formKey="f"/>': ("x", "unknown-attribute"),
    '<userTask id="x" anl:tabel="f"/>': ("x", "unknown-attribute"),
    '<userTask id="x" anl:table="f"/>': ("x", "unknown-attribute"),
    '<userTask id="x" isForCompensation="true"/>': ("x", "bad-value"),
    '<userTask id="x" anl:commits="yes"/>': ("x", "bad-value"),
    '<userTask id="s"/>': ("s", "double-id"),
    '<userTask name="x"/>': ("model", "no-id"),
    '<intermediateCatchEvent id="x"><messageEventDefinition/></intermediateCatchEvent>': ("x", "not-supported"),
    '<intermediateCatchEvent id="x"><timerEventDefinition/></intermediateCatchEvent>': ("x", "no-duration"),
    '<intermediateThrowEvent id="x"/>': ("x", "not-supported"),
    '<boundaryEvent id="x" attachedToRef="s"><errorEventDefinition/></boundaryEvent>': ("x", "not-supported"),
    '<sequenceFlow id="x" sourceRef="s" targetRef="nowhere"/>': ("x", "loose-arrow"),
    '<exclusiveGateway id="x" default="nowhere"/>': ("x", "loose-arrow"),
    '<sequenceFlow id="x" sourceRef="s" targetRef="e"><conditionExpression language="groovy">1</conditionExpression></sequenceFlow>': (
        "x",
        "not-an-expression",
    ),
    '<callActivity id="x" calledElement="other"/>': ("x", "unknown-call"),
}


@pytest.mark.parametrize(("inside", "problem"), REFUSED.items())
def test_what_is_not_in_the_subset_is_refused_with_the_element(inside, problem):
    assert problem in refused(document(f"{ENDS}\n{inside}"))


def test_a_problem_names_its_line():
    with pytest.raises(ModelRefused) as found:
        engine.read(document(f'{ENDS}\n<scriptTask id="x"/>'))
    (problem,) = found.value.problems
    assert where(problem, "en") == "Line 5: 'scriptTask' is not supported."
    assert where(problem, "de") == "Zeile 5: „scriptTask“ wird nicht unterstützt."


def test_all_problems_are_told_at_once():
    assert len(refused(document(f'{ENDS}<scriptTask id="x"/><subProcess id="y"/>'))) == 2


def test_a_second_pool_is_refused():
    pools = '<collaboration id="c"><participant id="p" processRef="model"/><participant id="q"/></collaboration>'
    xml = document(ENDS).replace(b"<process", pools.encode() + b"<process")
    assert ("q", "not-supported") in refused(xml)


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        (b"<definitions", "not-xml"),
        (b"", "not-xml"),
        (b"<bpmn/>", "not-bpmn"),
        ((HEAD + "</definitions>").encode(), "one-process"),
        (b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><definitions/>', "doctype"),
        (b"<a>" + b" " * 2_000_001 + b"</a>", "too-large"),
        (document("".join(f'<userTask id="a{n}"/>' for n in range(1_001))), "too-many-nodes"),
    ],
)
def test_what_is_no_model_is_refused(xml, code):
    assert code in [found for _element, found in refused(xml)]


def test_an_entity_is_never_read_from_a_file(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("secret")
    head = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file://{secret}">]>'
    assert refused(document("&a;").replace(b'<?xml version="1.0" encoding="UTF-8"?>', head.encode())) == [
        ("definitions", "doctype")
    ]


def test_a_called_model_is_put_in_the_place_of_its_call():
    inner = model("start > a > xor1; xor1 > b > end if steps.a.outcome == 'yes'; xor1 > stop else; a@late(P1D) > b")
    flows = '<sequenceFlow id="f" sourceRef="s" targetRef="c"/><sequenceFlow id="g" sourceRef="c" targetRef="e"/>'
    call = '<callActivity id="c" name="Prüfen" anl:phase="work" calledElement="inner"/>'
    graph = engine.read(
        document('<startEvent id="s"/><endEvent id="e" anl:outcome="fulfilled"/>' + flows + call), {"inner": inner}
    )
    assert graph.flows["c__xor1-b"].condition == "steps.c__a.outcome == 'yes'"
    assert graph.boundaries["c__late"].node == "c__a"
    assert "c" not in graph.nodes
    assert [
        p.code for p in engine.check(graph, engine.Environment()) if p.code not in {"phases", "unknown-phase"}
    ] == []
