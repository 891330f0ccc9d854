"""Broken services, rules that fail at run time, and a full disk."""

import errno
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.test import Client

from anliegen.requests.models import ServiceRequest
from anliegen.workflow import actions as workflow
from anliegen.workflow.actions import ServiceRefused, library
from anliegen.workflow.models import Fault, Release, Run, Task
from tests.bad_input.sent import ITEM, order, stored, text
from tests.company import NOW, Company, person, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("bad-input")]

# A folder of a service that is broken


def test_a_broken_folder_is_refused_and_people_go_on_ordering(nordwerk: Company, jana: Client, tmp_path: Path) -> None:
    shutil.copytree(library.SHIPPED / "_models", tmp_path / "_models")
    folder = Path(shutil.copytree(library.SHIPPED / "desktop", tmp_path / "desktop"))
    broken = (tmp_path / "_models/device/model.bpmn").read_text().replace("team:it-workshop", "team:it-workshp")
    (tmp_path / "_models/device/model.bpmn").write_text(broken)
    before = Release.objects.count()
    with pytest.raises(ServiceRefused) as refused:
        list(library.load([folder], acting_user=None, now=NOW))
    places = dict(refused.value.problems)
    assert any("model.bpmn#assemble" in place and "it-workshp" in str(reason) for place, reason in places.items()), (
        places
    )
    assert Release.objects.count() == before
    assert jana.post(ITEM, order()).status_code == 302


# A rule that fails while a request runs


def test_a_rule_that_fails_stops_the_request_until_the_process_owner_repaired_it(
    nordwerk: Company, jana: Client, tmp_path: Path
) -> None:
    shutil.copytree(library.SHIPPED / "_models", tmp_path / "_models")
    folder = Path(shutil.copytree(library.SHIPPED / "desktop", tmp_path / "desktop"))
    table = folder / "tables" / "specification.csv"
    table.write_text("".join(line for line in table.read_text().splitlines(keepends=True) if "special" not in line))
    list(library.load([folder], acting_user=None, now=NOW))
    sent = jana.post(ITEM, order(q_build="special", q_description="Sehr leise"))
    assert sent.status_code == 302
    one = ServiceRequest.objects.latest("id")
    fault = Fault.objects.get(run__service_request=one)
    assert Task.objects.filter(service_request=one).count() == 0
    assert jana.get(f"/requests/{one.code}/").status_code == 200

    katrin, url = signed_in(person("Katrin Ohlsen")), f"/desk/faults/{one.code}/{fault.node}/"
    assert one.code in text(katrin.get("/desk/faults/"))
    page = katrin.get(url)
    assert "specification" in text(page)
    form = page.context["form"]
    values = {name: form[name].value() for name in form.before}
    body = {name: str(v).lower() if isinstance(v, bool) else "" if v is None else v for name, v in values.items()}
    assert katrin.post(url, body | {"answers.build": "a\x00b"}).status_code == 422
    assert katrin.post(url, body | {"answers.build": "cad", "note": "War CAD"}).status_code == 302

    fault.refresh_from_db()
    assert fault.resolved_by == person("Katrin Ohlsen")
    assert list(Task.objects.filter(service_request=one).values_list("node", "state")) == [("check", "open")]
    assert Run.objects.get(service_request=one).data["answers"]["build"] == "cad"
    assert katrin.get(url).status_code == 404


def test_a_rule_that_still_fails_is_a_fault_again(nordwerk: Company, jana: Client, tmp_path: Path) -> None:
    shutil.copytree(library.SHIPPED / "_models", tmp_path / "_models")
    folder = Path(shutil.copytree(library.SHIPPED / "desktop", tmp_path / "desktop"))
    table = folder / "tables" / "specification.csv"
    table.write_text("".join(line for line in table.read_text().splitlines(keepends=True) if "special" not in line))
    list(library.load([folder], acting_user=None, now=NOW))
    jana.post(ITEM, order(q_build="special", q_description="Sehr leise"))
    fault = Fault.objects.latest("id")
    katrin = person("Katrin Ohlsen")
    workflow.carry_on(fault.pk, acting_user=katrin, now=NOW)
    assert Fault.objects.filter(run=fault.run, resolved_at=None).count() == 1


# No room on the disk


@pytest.mark.parametrize("where", ["writing", "receiving"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_507_and_nothing_stays(
    nordwerk: Company, jana: Client, monkeypatch: pytest.MonkeyPatch, where: str, number: int
) -> None:
    def full(*args: Any, **kwargs: Any) -> Any:
        raise OSError(number, "No space left on device")

    if where == "writing":
        monkeypatch.setattr(os, "fsync", full)
    else:
        monkeypatch.setattr(TemporaryUploadedFile, "__init__", full)
    before = stored()
    jana.raise_request_exception = False
    url, body = f"/requests/{nordwerk.own.code}/message", {"text": "Hier ist der Plan"}
    answer = jana.post(url, body | {"files": SimpleUploadedFile("plan.txt", b"Ein Plan")})
    assert answer.status_code == 507
    assert "Platz" in text(answer)
    assert stored() == before
    monkeypatch.undo()
    assert jana.post(url, body | {"files": SimpleUploadedFile("plan.txt", b"Ein Plan")}).status_code == 302
