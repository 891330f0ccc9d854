"""Loads the people of Nordwerk, their places, rights and stock, by the actions of their packages."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from anliegen.assets import actions as assets
from anliegen.assets import queries as register
from anliegen.calendars import actions as calendars
from anliegen.calendars.rules import DEFAULT
from anliegen.catalogue import actions as catalogue
from anliegen.catalogue.actions import DraftContent
from anliegen.catalogue.rules import BundleContent, BundlePart, CategoryContent
from anliegen.demo import company as data
from anliegen.people import actions as people
from anliegen.people import queries
from anliegen.people.access import day
from anliegen.people.models import Company, CostCentre, Department, Place, User
from anliegen.people.rules import Days, LimitKind, OrderScope, Role, Scope, ScopeKind

COMPANY = "nordwerk"
EXTERNAL_COMPANY = "hansen-pruefung"

type Persons = dict[str, User]


def load(*, begin: datetime, now: datetime) -> Persons:
    """Everybody by name. What holds, holds from `begin`; absences lie around `now`."""
    calendars.save_calendar(DEFAULT, acting_user=None, now=begin)
    home = people.put_company(COMPANY, acting_user=None, now=begin, name="Nordwerk", is_default=True)
    places = _places(begin)
    departments, cost_centres = _departments(home, begin)
    persons = {
        one.name: people.create_person(
            acting_user=None,
            now=begin,
            email=data.address(one.name),
            first_name=one.name.split(" ", 1)[0],
            last_name=one.name.split(" ", 1)[1],
            job_title={"de": one.de, "en": one.en},
            phone=one.phone,
            personnel_number=str(10_000 + number),
            company=home,
            department=departments[one.department],
            cost_centre=cost_centres[one.department],
            place=places[one.place],
            language="en" if one.name in data.ENGLISH else "de",
            joined_on=day(begin) - timedelta(days=90 * number),
        )
        for number, one in enumerate(data.PEOPLE)
    }
    _heads(persons, begin)
    _external(persons, places, begin)
    _teams(home, persons, begin)
    _rights(persons, begin)
    _absences(persons, now)
    return persons


def _places(now: datetime) -> dict[str, Place]:
    sites = {
        key: people.put_site(
            key, acting_user=None, now=now, name={"de": name, "en": name}, phone=phone, hours={"de": de, "en": en}
        )
        for key, name, phone, de, en in data.SITES
    }
    return {
        code: people.put_place(
            code, acting_user=None, now=now, site=sites[site], name=name, secured=code in data.SECURED
        )
        for code, site, name in data.PLACES
    }


def _departments(home: Company, now: datetime) -> tuple[Mapping[str, Department], Mapping[str, CostCentre]]:
    departments, cost_centres = {}, {}
    for one in data.DEPARTMENTS:
        name = {"de": one.de, "en": one.en}
        departments[one.key] = people.put_department(one.key, acting_user=None, now=now, name=name, company=home)
        cost_centres[one.key] = people.put_cost_centre(
            one.cost_centre,
            acting_user=None,
            now=now,
            name=one.de,
            department=departments[one.key],
            valid_from=day(now),
            yearly_budget_cents=one.budget_cents,
        )
    return departments, cost_centres


def _heads(persons: Persons, now: datetime) -> None:
    """Heads of departments hold the cost centre and lead their people; they report to the managing director."""
    top = persons[data.DEPARTMENTS[0].head]
    for one in data.DEPARTMENTS:
        head = persons[one.head]
        deputy = next((persons[name] for person, name, _days in data.DEPUTIES if person == one.head), None)
        centre = people.put_cost_centre(one.cost_centre, acting_user=None, now=now, holder=head, deputy=deputy)
        people.put_department(one.key, acting_user=None, now=now, head=head, cost_centre=centre)
    leads = {one.key: persons[one.head] for one in data.DEPARTMENTS}
    for entry in data.PEOPLE:
        person = persons[entry.name]
        manager = top if leads[entry.department].pk == person.pk else leads[entry.department]
        if person.pk != top.pk:
            persons[entry.name] = people.update_person(person.pk, acting_user=None, now=now, manager=manager)


def _external(persons: Persons, places: Mapping[str, Place], now: datetime) -> None:
    """An auditor of another company, looked after by the head of finance (R4)."""
    name, de, en, place = data.EXTERNAL
    firm = people.put_company(
        EXTERNAL_COMPANY, acting_user=None, now=now, name="Hansen Prüfung GmbH", internal_contact=persons["Petra Lang"]
    )
    first, last = name.split(" ", 1)
    persons[name] = people.create_person(
        acting_user=None,
        now=now,
        email=data.EXTERNAL_ADDRESS,
        first_name=first,
        last_name=last,
        job_title={"de": de, "en": en},
        company=firm,
        place=places[place],
    )


def _teams(home: Company, persons: Persons, now: datetime) -> None:
    for one in data.TEAMS:
        lead = persons[one.members[0]]
        people.put_team(
            one.key,
            acting_user=None,
            now=now,
            name={"de": one.de, "en": one.en},
            company=home,
            email=f"{one.key}@{data.DOMAIN}",
            lead=lead,
        )
        for name in one.members:
            people.join_team(one.key, persons[name].pk, acting_user=None, now=now)
        people.grant_role(lead.pk, Role.TEAM_LEAD, Scope(ScopeKind.TEAM, one.key), acting_user=None, now=now)


def _rights(persons: Persons, now: datetime) -> None:
    heads = {one.head for one in data.DEPARTMENTS}
    for name, role in data.ROLES:
        people.grant_role(persons[name].pk, role, acting_user=None, now=now)
    for entry in data.PEOPLE:
        usual = data.HEADS_ORDER_CENTS if entry.name in heads else data.EVERYBODY_ORDERS_CENTS
        cents = data.ORDER_LIMITS.get(entry.name, usual)
        people.set_limit(persons[entry.name].pk, LimitKind.ORDER, cents, acting_user=None, now=now)
    for name in sorted(heads):
        cents = data.APPROVE_LIMITS.get(name, data.HEADS_APPROVE_CENTS)
        people.set_limit(persons[name].pk, LimitKind.APPROVE, cents, acting_user=None, now=now)
    for name in data.CLEARED:
        people.set_clearance(persons[name].pk, "secured-area", acting_user=None, now=now)
    for name in data.ORDER_FOR_DEPARTMENT:
        people.allow_ordering_for(persons[name].pk, OrderScope.DEPARTMENT, acting_user=None, now=now)
    for name in data.ORDER_FOR_ALL:
        people.allow_ordering_for(persons[name].pk, OrderScope.ALL, acting_user=None, now=now)
    for person, deputy, _away in data.DEPUTIES:
        people.set_deputy(persons[person].pk, persons[deputy].pk, acting_user=None, now=now)


def _absences(persons: Persons, now: datetime) -> None:
    today = day(now)
    away = [(name, days) for name, _deputy, days in data.DEPUTIES if days]
    for name, (first, last) in [*away, *data.AWAY]:
        days = Days(today + timedelta(days=first), today + timedelta(days=last))
        people.set_absence(persons[name].pk, days, acting_user=None, now=now)


def load_catalogue(*, now: datetime) -> None:
    """The subjects that people see; the items come from the library."""
    for position, (key, icon, de, en, about_de, about_en) in enumerate(data.CATEGORIES, start=1):
        catalogue.save_category(
            CategoryContent(
                key=key,
                name={"de": de, "en": en},
                description={"de": about_de, "en": about_en},
                icon=icon,
                position=position * 10,
            ),
            acting_user=None,
            now=now,
        )


def load_bundles(*, now: datetime) -> None:
    """What usually goes together; after the items of the library."""
    for position, (key, picture, title, summary, parts) in enumerate(data.BUNDLES, start=1):
        content = BundleContent(
            key=key,
            title={"de": title[0], "en": title[1]},
            summary={"de": summary[0], "en": summary[1]},
            picture=picture,
            parts=[BundlePart(item_key=item, answers=answers) for item, answers in parts],
            position=position * 10,
        )
        catalogue.save_bundle(content, acting_user=None, now=now)


def load_cart(persons: Persons, *, now: datetime) -> None:
    """What waits in a cart: for a colleague, and for herself."""
    wiebke, jana = persons["Wiebke Nissen"], persons["Jana Sommer"]
    answers = {"model": "laptop-14", "quantity": 1, "reason": "replacement", "handover": "office", "place": "B 3.14"}
    why = "Das alte Gerät ist fünf Jahre alt."
    laptop = DraftContent(answers=answers, recipient_id=jana.pk, justification=why, in_cart=True)
    right = DraftContent(
        answers={"purpose": "new", "right": "erp/order"}, justification="Urlaubsvertretung", in_cart=True
    )
    for item, content in (("laptop", laptop), ("access", right)):
        catalogue.save_draft(content, owner=wiebke, item_key=item, now=now)


def load_stock() -> None:
    """What lies in the stores."""
    for key, de, en, cents, aliases, pieces in data.PRODUCTS:
        assets.add_product(key, {"de": de, "en": en}, price_cents=cents, aliases=tuple(aliases))
        for place, quantity in pieces.items():
            assets.receive(key, place, quantity)


def load_programs() -> None:
    """What is in the software register."""
    for key, name, vendor, approved, used_here, owned, cents, monthly, team, aliases in data.PROGRAMS:
        content = assets.ProgramContent(
            key=key,
            name=name,
            vendor=vendor,
            approved=approved,
            used_here=used_here,
            owned=owned,
            price_cents=cents,
            monthly_cents=monthly,
            team=queries.team(team),
            aliases=aliases,
        )
        assets.put_program(content)


def load_systems(persons: Persons, *, now: datetime) -> None:
    """Systems with their roles, and who holds which already."""
    for key, de, en, owner, team, roles in data.SYSTEMS:
        system = assets.put_system(key, {"de": de, "en": en}, owner=persons[owner], team=queries.team(team))
        for role, role_de, role_en, clearance in roles:
            assets.add_role(system, role, {"de": role_de, "en": role_en}, clearance=clearance)
    for one, other, de, en in data.FORBIDDEN:
        first, second = register.right(one), register.right(other)
        if first and second:
            assets.forbid_together(first, second, {"de": de, "en": en})
    for name, right in data.GRANTED:
        assets.grant("", right, persons[name], until=None, now=now)
