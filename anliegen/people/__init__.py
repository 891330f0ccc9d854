"""Who there is and what they may do: companies, departments, cost centres, teams, persons, roles, limits, deputies.

A *person* is a `User`; not every person may sign in. *External* is who belongs to another than the default company:
their limit is 0, and the company's internal contact stands in as their manager and cost-centre holder (R4).
Roles, limits, clearances, memberships and deputies are *dated values*: they hold on the days from `valid_from` to
`valid_to`, both included, in the organisation's time zone. They live here only.
A *capability* is what the code asks for; a *role* is a bundle of them, granted for a *scope*.
"""
