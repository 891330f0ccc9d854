"""The design system: base pages, components, tags, form fields and htmx helpers. Knows no domain.

A page of the portal

    {% extends "ui/portal.html" %}{% load i18n anliegen %}
    {% block title %}{% translate "My requests" %}{% endblock %}
    {% block content %}<h1>…</h1>{% endblock %}

  Blocks: title, hero (full width, before the content), content, bars (`.srm-buybar`, with `{% block body_class
    %}has-buybar`),
  layers (dialogs), head, skip. `ui/desk.html` has title, content (a plain page), or main for a split view:
  `{% block main %}<div class="srm-split"><main id="content" tabindex="-1" class="srm-queue">…</main><aside
    class="srm-pane">…`.
  `ui/solo.html` is one quiet column (sign-in, signed links).
  The surroundings come as `shell` (`ui.shell.Shell`): from the view's context, or for all pages through the setting
  `UI_SHELL = "dotted.function"` (request) -> Shell. Portal: entries, tabs, bell, cart, person, notice. Desk: groups,
  create, tabs, search_url, bell, person. Names and help: settings UI_NAME, UI_PHONE, UI_HOURS, UI_LINKS.
  Context processor: `anliegen.ui.shell.context`.

Tags and filters (`{% load anliegen %}`)

  x|local  x|local_plain (attributes)  n|cents  n|price  d|day  d|long_day  dt|moment  n|minutes  n|filesize
  {% icon "check" %}   names are in icons.txt; add one there and run tools/icons.py
  {% initials name "xs" %}   {% state "run" _("In progress") %} (kinds: run you late risk ok wait plan hold no off
    draft new plain)
  {% due_clock "risk" "42 min" 90 _("42 minutes left") %} (kinds: run risk late hold met missed)
  {% progress_bar 3 5 %}   {% steps list %} (each {label, meta, status: done|now|next|skipped})
  {% form_key %}  {% error_summary form %}  {% field form.x %} (as_="select" or "radio" to decide otherwise)
  {% dialog id="x" title=_("…") %}…{% enddialog %}, opened by a button with data-dialog="x"

Components (`{% include "ui/c/NAME.html" with … %}`; values are finished words)

  promise       cells: {term, value, state: {kind, label}, person, meta}
  turn          title, meta, url (POST), actions: {label, name, value, primary} or {label, url}
  request_line  row: {url, title, state, meta, done, total, step, when, when_meta}; inside <ul class="srm-reqlist card">
  item_card     item: {url, picture or picture_url, title, text, facts: {icon, text}, price, price_unit, action_label,
    action_url};
                inside <ul class="srm-items">
  category      category: {url, icon, title, text}; inside <ul class="srm-cats">
  list_row      row: {url, icon, person, title, meta, state, end}; inside <ul class="srm-rows card">
  stream        label, entries: {kind: "message"|"event", who, mine, meta, at, text or html, icon, files: {url, name,
    size}}
  answers       answers: pairs (term, value)            next        steps: {text, meta}
  plan          caption, plan (from `ui.plan.plan`)     copy        code
  empty         title, text, action_url, action_label   pagination  page (Django's Page)
  Also classes as in the pages of `ui/components` (only outside production): srm-table, srm-tiles, srm-pane, srm-box,
    srm-sum.

Forms

  fields: DateField, AmountField (integer cents), PersonField and PlaceField (lookup=callable(text) -> [Match]); a
    form field may
  carry `details = {value: text}` for tiles. In the template:
  `<form method="post" novalidate class="srm-form">{% csrf_token %}{% form_key %}{% error_summary form %}{% field
    form.x %}…`
  View: `result = act(form, lambda: action(…))`; `if form.errors: return render_form(request, template, form, context)`.

Rules: no style attributes, no inline scripts (the policy forbids both). Behaviour hangs on data attributes of
  anliegen.js:
data-copy, data-dialog, data-close, data-menu, data-autosubmit, data-when="name=value", data-suggest, data-key,
data-rows/data-row (j and k), data-bulk-scope/data-pick/data-pick-all/data-bulk/data-clear, data-focus, data-sending.
A new class of Tabler's: run tools/css.py and commit the result.
"""
