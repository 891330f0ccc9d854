"""Everything that changes people, teams and rights. Each is one transaction, with its event."""

from anliegen.people.actions.contacts import change_number, contact_job
from anliegen.people.actions.organisation import (
    put_company,
    put_cost_centre,
    put_department,
    put_place,
    put_site,
    put_team,
)
from anliegen.people.actions.persons import (
    create_administrator,
    create_person,
    deactivate,
    end_sessions,
    reactivate,
    set_password,
    set_preferences,
    update_person,
)
from anliegen.people.actions.rights import (
    allow_ordering_for,
    end_clearance,
    end_deputy,
    grant_role,
    join_team,
    leave_team,
    revoke_role,
    set_absence,
    set_clearance,
    set_deputy,
    set_limit,
)
from anliegen.people.actions.signing import factor_changed, password_changed, signed_in, signed_out

__all__ = [
    "allow_ordering_for",
    "change_number",
    "contact_job",
    "create_administrator",
    "create_person",
    "deactivate",
    "end_clearance",
    "end_deputy",
    "end_sessions",
    "factor_changed",
    "grant_role",
    "join_team",
    "leave_team",
    "password_changed",
    "put_company",
    "put_cost_centre",
    "put_department",
    "put_place",
    "put_site",
    "put_team",
    "reactivate",
    "revoke_role",
    "set_absence",
    "set_clearance",
    "set_deputy",
    "set_limit",
    "set_password",
    "set_preferences",
    "signed_in",
    "signed_out",
    "update_person",
]
