"""Mixed load from outside, over HTTP with kept connections: `python -m bench.load URL SECONDS RATE PEOPLE`.

People read, write and leave pages open that poll, as in a busy hour: 60 % polls, 36 % pages, 4 % changes. Each call
begins when its turn has come (RATE a second in all); when the server is slower, fewer are made. Prints one JSON line.
Nothing is imported of the product's insides: a server anywhere can be loaded, if its demo persons can be stepped into.
"""

import json
import random
import re
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx

from bench.house import Crowd, person
from tests.crash.person import Form, Person

TASK = re.compile(r"/desk/(SR-\d+)/tasks/([\w-]+-\d+)/")
CODE = re.compile(r"/requests/(SR-\d+)/")
POLL = re.compile(r"/requests/SR-\d+/live\?version=\d+")
ASKED = {"poll": 60, "home": 8, "my requests": 5, "request": 9, "item": 4, "submit": 1, "message": 2}
WORKED = {"tasks": 10, "task": 6, "approvals": 2, "complete": 4}
WRITES = {"submit", "message", "complete"}
STEP_IN_ATTEMPTS = 20
AGENTS = 5  # one in so many works, the others ask


@dataclass(slots=True)
class Told:
    """What the server answered, to all people together: milliseconds by kind of call, and what was wrong."""

    took: dict[str, list[float]] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def note(self, name: str, began: float, answer: httpx.Response) -> None:
        self.took.setdefault(name, []).append((time.perf_counter() - began) * 1000)
        if answer.status_code in {409, 429}:  # a colleague was faster; too many at once from one address
            key = str(answer.status_code)
            self.refused[key] = self.refused.get(key, 0) + 1
        elif answer.status_code >= 400:
            self.wrong.append(f"{name}: {answer.status_code} {answer.request.url.path}")

    def summary(self, seconds: float) -> dict[str, Any]:
        groups: dict[str, list[float]] = {"poll": [], "page": [], "write": []}
        for name, times in self.took.items():
            groups["poll" if name == "poll" else "write" if name in WRITES else "page"] += times
        calls = sum(map(len, self.took.values()))
        return {
            "calls": calls,
            "rate": calls / seconds,
            "wrong": len(self.wrong),
            "first_wrong": self.wrong[:5],
            "refused": self.refused,
            **{f"{name}_{part}": _share(times, part) for name, times in groups.items() for part in (50, 95, 99)},
            **{f"{name} calls": len(times) for name, times in groups.items()},
        }


def _share(times: Sequence[float], percent: int) -> float:
    rising = sorted(times)
    return rising[min(len(rising) - 1, len(rising) * percent // 100)] if rising else 0.0


class Pace:
    """Gives out the moments at which calls begin: `rate` a second, none made up for."""

    def __init__(self, rate: float) -> None:
        self.gap, self.next, self.lock = 1 / rate, time.monotonic(), threading.Lock()

    def wait(self) -> None:
        with self.lock:
            now = time.monotonic()
            self.next = max(self.next + self.gap, now)
            pause = self.next - now
        time.sleep(pause)


class Somebody:
    """One person with a browser of their own."""

    def __init__(self, base_url: str, public_id: str, *, agent: bool, told: Told) -> None:
        self.told, self.chance = told, random.Random(public_id)
        self.person = Person(base_url)
        self.mix = WORKED if agent else ASKED
        self.codes: list[str] = []
        self.poll = ""
        self._step_into(public_id)
        if not agent:
            self.codes = list(dict.fromkeys(CODE.findall(self._get("my requests", "/requests/").text)))
            self._request()

    def _step_into(self, public_id: str) -> None:
        """Again while the server is busy: it has only just started."""
        for _attempt in range(STEP_IN_ATTEMPTS):
            form, page = self.person.form("/demo/persons", having="person")
            answer = self.person.send(form, page, person=public_id)
            if answer.status_code != 503:
                break
            time.sleep(1)
        if answer.status_code != 302:
            raise SystemExit(f"{public_id} cannot be stepped into: {answer.status_code}")

    def turn(self) -> None:
        """One call, or a page and what is sent from it."""
        name = self.chance.choices(list(self.mix), list(self.mix.values()))[0]
        acts: dict[str, Callable[[], object]] = {
            "poll": lambda: self._get("poll", self.poll) if self.poll else self._request(),
            "home": lambda: self._get("home", "/"),
            "my requests": lambda: self._get("my requests", "/requests/"),
            "request": self._request,
            "item": lambda: self._get("item", "/catalogue/item/desktop/"),
            "submit": self._submit,
            "message": self._message,
            "tasks": lambda: self._get("tasks", "/desk/"),
            "task": self._task,
            "approvals": lambda: self._get("approvals", "/approvals/"),
            "complete": self._complete,
        }
        acts[name]()

    def _get(self, name: str, address: str) -> httpx.Response:
        began = time.perf_counter()
        answer = self.person.http.get(address)
        self.told.note(name, began, answer)
        return answer

    def _send(self, name: str, form: Form, page: httpx.Response, **values: str) -> None:
        began = time.perf_counter()
        self.told.note(name, began, self.person.send(form, page, **values))

    def _form(self, page: httpx.Response, having: str) -> Form | None:
        forms = self.person.forms_in(page) if page.status_code == 200 else []
        return next((form for form in forms if having in form.names), None)

    def _request(self) -> httpx.Response | None:
        if not self.codes:
            return None
        page = self._get("request", f"/requests/{self.chance.choice(self.codes)}/")
        if found := POLL.search(page.text.replace("&amp;", "&")):
            self.poll = found.group()
        return page

    def _submit(self) -> None:
        page = self._get("item", "/catalogue/item/desktop/")
        if form := self._form(page, "q_build"):
            self._send("submit", form, page, q_build="cad", justification=f"Wunsch {self.chance.random()}")

    def _message(self) -> None:
        page = self._request()
        if page and (form := self._form(page, "text")):
            self._send("message", form, page, text=f"Noch eine Frage dazu: {self.chance.random()}")

    def _task(self) -> tuple[httpx.Response, str] | None:
        found = TASK.findall(self._get("tasks", "/desk/").text)
        if not found:
            return None
        code, step = self.chance.choice(found)
        return self._get("task", f"/desk/{code}/tasks/{step}/"), code

    def _complete(self) -> None:
        """Steps are completed whose form asks for an outcome only; an order needs a supplier, a price ..."""
        found = self._task()
        form = self._form(found[0], "outcome") if found else None
        if found and form and not any(name.startswith("f_") for name in form.names):
            self._send("complete", form, found[0], outcome="complete", note="Geprüft.")


def run(base_url: str, seconds: float, rate: float, people: Sequence[tuple[str, bool]]) -> dict[str, Any]:
    """Let these people (public id, whether an agent) work that long; what they were told, summed up."""
    told, pace = Told(), Pace(rate)
    around = [Somebody(base_url, public_id, agent=agent, told=told) for public_id, agent in people]
    told.took.clear()  # signing in does not count
    began = time.monotonic()
    until = began + seconds

    def work(one: Somebody) -> None:
        while time.monotonic() < until:
            pace.wait()
            try:
                one.turn()
            except httpx.HTTPError as problem:
                told.wrong.append(repr(problem))

    threads = [threading.Thread(target=work, args=(one,), daemon=True) for one in around]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told.summary(time.monotonic() - began)


def crowd(size: int, people: int) -> list[tuple[str, bool]]:
    """People of a filled database of that size: the owners of its newest requests, and agents."""
    house = Crowd(staff=(0,), people=50_000, agents=500)
    asking, working = count(), count()
    return [
        (person(next(working)).public_id, True)
        if number % AGENTS == 0
        else (house.requester(size - next(asking))[0].public_id, False)
        for number in range(people)
    ]


if __name__ == "__main__":
    url, seconds, rate, people = sys.argv[1:5]
    print(json.dumps(run(url, float(seconds), float(rate), json.loads(people))))
