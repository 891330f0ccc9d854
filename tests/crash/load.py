"""People at work while processes die: they order, check and decide by pages, and write down what they were told.

An answer that was lost is asked for again with the same form, as a browser's reload does. 503 and 507 mean: try again.
"""

import contextlib
import hashlib
import random
import re
import threading
import time
from collections.abc import Callable, Iterator
from itertools import count

import httpx

from tests.crash.ledger import Ledger, Order, Sent, Step, Verdict
from tests.crash.person import File, Form, Person

REQUESTERS = ("jana.sommer@nordwerk.example", "wiebke.nissen@nordwerk.example", "lars.ehlers@nordwerk.example")
CHECKERS = ("ines.albrecht@nordwerk.example", "henrik.thomsen@nordwerk.example")
APPROVER = "silke.marten@nordwerk.example"  # works in two tabs at once
AGENT = "nele.krueger@nordwerk.example"  # sees every request
ITEM = "/catalogue/item/desktop/"
PATIENCE_S = 240.0  # how long somebody tries before they give up: longer than many restarts on a busy machine
PAUSE_S = 0.02
AGAIN = {503, 507}
TASK = re.compile(r"/desk/(SR-\d+)/tasks/([\w-]+-\d+)/")


class Busy(Exception):
    """503 or 507 instead of a page."""


class GaveUp(Exception):
    """The product did not answer for too long."""


class Somebody:
    """One person in a thread of their own."""

    def __init__(self, base_url: str, email: str, ledger: Ledger, seed: int, *, keep_alive: bool = True) -> None:
        self.email, self.ledger = email, ledger
        self.chance = random.Random(f"{email}{seed}")
        self.person = Person(base_url, keep_alive=keep_alive)
        self.stop = threading.Event()
        self.retry(lambda: self.person.step_into(email))

    def retry[T](self, act: Callable[[], T]) -> T:
        """What the product answers, however often its process dies meanwhile."""
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            try:
                found = act()
            except Busy:
                self.ledger.busy += 1
            except httpx.TransportError:
                self.ledger.lost += 1
            else:
                if not (isinstance(found, httpx.Response) and found.status_code in AGAIN):
                    self.ledger.answers += 1
                    return found
                self.ledger.busy += 1
            time.sleep(0.25)
        raise GaveUp(self.email)

    def get(self, address: str) -> httpx.Response:
        return self.retry(lambda: self.person.http.get(address))

    def send(self, form: Form, page: httpx.Response, file: File | None = None, **values: str) -> httpx.Response:
        answer = self.retry(lambda: self.person.send(form, page, file, **values))
        if answer.status_code not in {302, 409, 422}:
            self.ledger.note(f"{form.action or page.url}: {answer.status_code}")
        return answer

    def form(self, address: str, having: str) -> tuple[Form, httpx.Response]:
        def look() -> tuple[Form, httpx.Response]:
            page = self.person.http.get(address)
            if page.status_code in AGAIN:
                raise Busy
            return self.person.form_in(page, having)

        return self.retry(look)

    def work(self) -> None:
        """Until told to stop. A surprise is written down, and ends it."""
        try:
            while not self.stop.is_set():
                self.turn()
                self.stop.wait(PAUSE_S)
        except Exception as surprise:  # noqa: BLE001 - whatever it is, the test must tell it
            self.ledger.note(f"{self.email}: {surprise!r}")

    def turn(self) -> None:
        raise NotImplementedError


class Requester(Somebody):
    """Orders desktops. Some orders are wrong on purpose; some forms are sent twice; to some a file is added."""

    numbers = count(1)

    def turn(self) -> None:
        form, page = self.form(ITEM, "justification")
        order = Order(f"nonce-{next(self.numbers)}-{self.chance.randrange(10**9)}", self.email, "cad")
        wrong = self.chance.random() < 0.1
        values = {"q_build": "bunt" if wrong else order.build, "justification": order.nonce}
        answer = self.send(form, page, **values)
        order.refused = answer.status_code == 422
        if order.refused != wrong:
            self.ledger.note(f"{order.nonce}: {answer.status_code} with {values}")
        order.code = _code(answer)
        if order.code and self.chance.random() < 0.2:
            order.again.append(_code(self.send(form, page, **values)))
        self.ledger.orders.append(order)
        if order.code and self.chance.random() < 0.4:
            self.attach(order.code)

    def attach(self, code: str) -> None:
        """Write a message with a file, 40 kB that nobody else has."""
        form, page = self.form(f"/requests/{code}/", "text")
        if not form.action.endswith("/message"):
            return
        content = self.chance.randbytes(20_000).hex().encode()
        file = File(f"{code}-{self.chance.randrange(10**9)}.txt", content)
        answer = self.send(form, page, file, text=f"file-{file.name}")
        if answer.status_code == 302:
            self.ledger.files.append(Sent(code, self.email, file.name, hashlib.sha256(content).hexdigest()))
        elif answer.status_code == 422:
            self.ledger.note(f"{code}: a file was refused: {answer.text[:200]}")


class Checker(Somebody):
    """Completes what waits on their list of tasks."""

    def turn(self) -> None:
        found = list(dict.fromkeys(TASK.findall(self.get("/desk/").text)))
        if not found:
            self.stop.wait(0.2)
            return
        code, step = self.chance.choice(found)
        address = f"/desk/{code}/tasks/{step}/"
        page = self.get(address)
        form = next((form for form in self.person.forms_in(page) if _asks(form, "outcome")), None)
        if form is None:  # a colleague was faster
            self.ledger.refused += 1
            return
        note = f"step-{code}-{self.chance.randrange(10**9)}"
        answer = self.send(form, page, outcome="complete", note=note)
        if answer.status_code == 302:
            self.ledger.steps.append(Step(code, step.rpartition("-")[0], note))
        elif answer.status_code == 409:
            self.ledger.refused += 1
        else:
            self.ledger.note(f"{address}: {answer.status_code}")


class Approver(Somebody):
    """Says yes, or now and then no, to a random one of what waits. A colleague is asked the same at the same time."""

    def turn(self) -> None:
        page = self.get("/approvals/")
        forms = [form for form in self.person.forms_in(page) if form.action.startswith("/approvals/SR-")]
        forms = [form for form in forms if _asks(form, "verdict")]
        if not forms:
            self.stop.wait(0.2)
            return
        form = self.chance.choice(forms)
        code = form.action.split("/")[2]
        no = self.chance.random() < 0.25
        comment = f"vote-{code}-{self.chance.randrange(10**9)}"
        more = {"reject_reason": "budget"} if no else {}
        answer = self.send(form, page, verdict="no" if no else "yes", comment=comment, **more)
        if answer.status_code == 302:
            self.ledger.verdicts.append(Verdict(code, "no" if no else "yes", comment))
        elif answer.status_code == 409:
            self.ledger.refused += 1
        else:
            self.ledger.note(f"{form.action}: {answer.status_code}")


def _asks(form: Form, name: str) -> bool:
    return name in form.names


def _code(answer: httpx.Response) -> str:
    found = re.search(r"SR-\d+", answer.headers.get("location", ""))
    return found.group() if found else ""


@contextlib.contextmanager
def at_work(people: list[Somebody]) -> Iterator[None]:
    """While this lasts everybody works; at its end each finishes what they are at."""
    threads = [threading.Thread(target=one.work, name=one.email, daemon=True) for one in people]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for one in people:
            one.stop.set()
        for one, thread in zip(people, threads, strict=True):
            thread.join(timeout=PATIENCE_S + 10)
            one.person.http.close()
