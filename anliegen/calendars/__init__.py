"""When work is done: business hours, holidays, company days; what a promise is counted in.

A *calendar* has hours per weekday, a zone, the holidays of a country and region, and *company days* (closed, or with
other hours). *Business minutes* are the minutes inside its hours; `worktime` counts them, pure and exact over summer
time. Whoever counts asks `queries.calendar_for(key)`.
"""
