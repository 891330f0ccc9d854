// The one script of ours. Everything hangs on data-* attributes; every page works without it.
(() => {
  const body = document.body;
  const say = (text, urgent) => {
    const region = document.getElementById(urgent ? "srm-alert" : "srm-live");
    if (!region || !text) return;
    const wait = Math.max(0, (say.next || 0) - Date.now());
    clearTimeout(say.timer); // the newest message wins
    say.timer = setTimeout(() => {
      say.next = Date.now() + 3000;
      region.textContent = "";
      requestAnimationFrame(() => { region.textContent = text; });
    }, urgent ? 0 : wait);
  };
  const on = (type, selector, act) => document.addEventListener(type, (event) => {
    const found = event.target instanceof Element && event.target.closest(selector);
    if (found) act(event, found);
  });
  const typing = (element) => !!element && (element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName));

  // look: at once here, kept by the server
  on("click", "[data-theme-toggle]", (event, button) => {
    const root = document.documentElement;
    const dark = root.dataset.bsTheme ? root.dataset.bsTheme === "dark" : matchMedia("(prefers-color-scheme:dark)").matches;
    const theme = dark ? "light" : "dark";
    event.preventDefault();
    root.dataset.bsTheme = theme;
    const data = new FormData(button.form);
    data.set("theme", theme);
    data.set("quiet", "1");
    fetch(button.form.action, { method: "POST", body: data, headers: { "X-CSRFToken": data.get("csrfmiddlewaretoken") } }).catch(() => {});
  });

  on("click", "[data-copy]", (event, button) => {
    navigator.clipboard?.writeText(button.dataset.copy).then(() => say(body.dataset.copied));
  });

  // layers
  on("click", "[data-dialog]", (event, button) => {
    const dialog = document.getElementById(button.dataset.dialog);
    if (!dialog?.showModal) return;
    event.preventDefault();
    dialog.showModal();
    dialog.querySelector(".body :is(input:not([type=hidden]),select,textarea,button)")?.focus();
    dialog.addEventListener("close", () => button.focus(), { once: true });
  });
  on("click", "dialog [data-close]", (event, button) => { event.preventDefault(); button.closest("dialog").close(); });
  document.addEventListener("click", (event) => {
    document.querySelectorAll("details[data-menu][open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.querySelector("details[data-menu][open]");
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
  });

  // forms: send by themselves, never twice
  on("change", "[data-autosubmit]", (event, element) => (element.form || element).requestSubmit());
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method === "dialog") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    if (form.method !== "post" || form.hasAttribute("hx-post")) return;
    form.dataset.sent = "1";
    const button = event.submitter;
    // later, so that the button's own name and value are still sent
    setTimeout(() => {
      if (!button) return;
      button.setAttribute("aria-disabled", "true");
      if (button.dataset.sending !== undefined) button.textContent = button.dataset.sending || body.dataset.sending;
    });
  });
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    document.querySelectorAll("form[data-sent]").forEach((form) => {
      delete form.dataset.sent;
      form.querySelectorAll("[aria-disabled]").forEach((button) => button.removeAttribute("aria-disabled"));
    });
  });

  // show a part only while a choice is made: data-when="name=value other=…"
  const conditions = (scope) => scope.querySelectorAll("[data-when]").forEach((part) => {
    const form = part.closest("form");
    const met = part.dataset.when.split(" ").some((pair) => {
      const [name, value] = pair.split("=");
      return form && new FormData(form).getAll(name).includes(value);
    });
    part.hidden = !met;
  });
  on("change", "form", (event, form) => conditions(form));

  // suggestions for text fields: <option> elements from data-suggest into the datalist
  on("input", "input[data-suggest]", (event, input) => {
    clearTimeout(input.suggestTimer);
    if (input.value.trim().length < 2) return;
    input.suggestTimer = setTimeout(async () => {
      const url = new URL(input.dataset.suggest, location.href);
      url.searchParams.set("q", input.value);
      const answer = await fetch(url, { headers: { "HX-Request": "true" } }).catch(() => null);
      if (answer?.ok && input.list) input.list.innerHTML = await answer.text();
    }, 200);
  });

  // the search box: a combobox whose list comes from data-search; what finds nothing is counted once typing has settled
  const finder = (form) => {
    const input = form.querySelector("input[type=search]");
    const panel = form.querySelector("[role=listbox]");
    const gap = (token) => {
      const data = new FormData();
      data.set("gap", token);
      fetch(form.dataset.gap, { method: "POST", body: data, headers: { "X-CSRFToken": form.dataset.token, "HX-Request": "true" } }).catch(() => {});
    };
    const told = document.querySelector("[data-none]:not([data-count])");
    if (told) gap(told.dataset.none);
    if (!input || !panel) return;
    const options = () => [...panel.querySelectorAll("[role=option]")];
    let timer, settled, asked;
    const choose = (option) => {
      options().forEach((one) => one.setAttribute("aria-selected", one === option));
      if (option) { input.setAttribute("aria-activedescendant", option.id); option.scrollIntoView({ block: "nearest" }); }
      else input.removeAttribute("aria-activedescendant");
    };
    const show = (open) => {
      panel.hidden = !open;
      input.setAttribute("aria-expanded", open);
      if (!open) choose(null);
    };
    const ask = async () => {
      const text = input.value.trim();
      asked?.abort();
      if (text.length < 2) { show(false); return; }
      asked = new AbortController();
      const url = new URL(form.dataset.search, location.href);
      url.searchParams.set("q", text);
      const answer = await fetch(url, { headers: { "HX-Request": "true" }, signal: asked.signal }).catch(() => null);
      if (!answer?.ok || answer.redirected || document.activeElement !== input) return;
      panel.innerHTML = await answer.text();
      const head = panel.firstElementChild;
      show(!!head);
      if (!head) return;
      choose(panel.querySelector("[data-sure]"));
      say(head.dataset.count);
      if (head.dataset.none) settled = setTimeout(() => gap(head.dataset.none), 2500);
    };
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", panel.id);
    input.setAttribute("aria-expanded", "false");
    input.addEventListener("input", () => { clearTimeout(timer); clearTimeout(settled); timer = setTimeout(ask, 250); });
    input.addEventListener("keydown", (event) => {
      const all = options();
      const at = all.findIndex((one) => one.getAttribute("aria-selected") === "true");
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        if (panel.hidden) { if (all.length) show(true); else ask(); }
        else choose(all[(at + (event.key === "ArrowDown" ? 1 : at < 0 ? 0 : -1) + all.length) % all.length]);
        event.preventDefault();
      } else if (event.key === "Escape" && !panel.hidden) {
        show(false);
        event.preventDefault();
      } else if (event.key === "Enter" && !panel.hidden && at >= 0) {
        event.preventDefault();
        all[at].click();
      }
    });
    form.addEventListener("submit", () => { clearTimeout(timer); asked?.abort(); });
    form.addEventListener("focusout", (event) => { if (!form.contains(event.relatedTarget)) show(false); });
    panel.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
  };
  document.querySelectorAll("form[data-search]").forEach(finder);
  // files: what was chosen, with its size, to be taken away again; also by drop and paste
  const size = (bytes) => (bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} KB` : `${(bytes / 1e6).toFixed(1)} MB`);
  const take = (input, files) => {
    const data = new DataTransfer();
    files.forEach((file) => data.items.add(file));
    input.files = data.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const chosen = (input) => {
    let list = input.nextElementSibling?.matches(".srm-chosen") ? input.nextElementSibling : null;
    if (!list && !input.files.length) return;
    if (!list) {
      list = document.createElement("ul");
      list.className = "srm-chosen";
      input.after(list);
    }
    list.replaceChildren(...[...input.files].map((file, at) => {
      const line = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-sm";
      button.textContent = body.dataset.remove;
      button.setAttribute("aria-label", `${body.dataset.remove}: ${file.name}`);
      button.addEventListener("click", () => { take(input, [...input.files].filter((_, n) => n !== at)); input.focus(); });
      line.append(`${file.name} (${size(file.size)}) `, button);
      return line;
    }));
  };
  const uploads = "input[type=file][multiple]";
  on("change", uploads, (event, input) => chosen(input));
  on("dragover", ".srm-field", (event, field) => { if (field.querySelector(uploads)) event.preventDefault(); });
  on("drop", ".srm-field", (event, field) => {
    const input = field.querySelector(uploads);
    if (!input || !event.dataTransfer.files.length) return;
    event.preventDefault();
    take(input, [...input.files, ...event.dataTransfer.files]);
  });
  on("paste", "form", (event, form) => {
    const input = form.querySelector(uploads);
    if (!input || !event.clipboardData?.files.length) return;
    event.preventDefault();
    take(input, [...input.files, ...event.clipboardData.files]);
  });

  // check boxes of a list and the bar of what can be done with them
  const bulk = (scope) => {
    const boxes = [...scope.querySelectorAll("[data-pick]")];
    const picked = boxes.filter((box) => box.checked).length;
    const bar = scope.querySelector("[data-bulk]");
    if (bar) {
      bar.hidden = !picked;
      bar.querySelectorAll("[data-n]").forEach((n) => { n.textContent = picked; });
    }
    scope.querySelectorAll("[data-nobulk]").forEach((other) => { other.hidden = !!picked; });
  };
  on("change", "[data-bulk-scope]", (event, scope) => {
    if (event.target.matches("[data-pick-all]")) scope.querySelectorAll("[data-pick]").forEach((box) => { box.checked = event.target.checked; });
    bulk(scope);
  });
  on("click", "[data-clear]", (event, button) => {
    const scope = button.closest("[data-bulk-scope]");
    scope.querySelectorAll("[data-pick],[data-pick-all]").forEach((box) => { box.checked = false; });
    bulk(scope);
  });

  // single keys: data-key="n"; never while typing, never with a modifier, off with data-nokeys on <body>
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.key.length !== 1) return;
    if (typing(document.activeElement) || document.querySelector("dialog[open]") || "nokeys" in body.dataset) return;
    const rows = [...document.querySelectorAll("[data-rows] [data-row]")];
    if (rows.length && (event.key === "j" || event.key === "k")) {
      const at = rows.indexOf(document.activeElement);
      rows[Math.min(rows.length - 1, Math.max(0, at + (event.key === "j" ? 1 : -1)))].focus();
      event.preventDefault();
      return;
    }
    const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]:not([hidden])`);
    if (!target) return;
    event.preventDefault();
    if (typing(target)) target.focus(); else target.click();
  });

  // pages that renew themselves: not while hidden, at once when looked at again; counters in the bars
  const missed = new Set();
  document.addEventListener("htmx:before:request", (event) => {
    const source = event.detail?.ctx?.sourceElement;
    if (!document.hidden || !source?.matches?.("[data-poll]")) return;
    event.preventDefault();
    missed.add(source.id);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    missed.forEach((id) => document.getElementById(id)?.dispatchEvent(new CustomEvent("every")));
    missed.clear();
  });
  // nothing moves under the reader: parts never shrink while the page is open, and what has the focus stays where it is
  let anchor = null;
  document.addEventListener("htmx:before:swap", (event) => {
    const at = document.activeElement;
    anchor = null;
    if (!event.detail?.ctx?.sourceElement?.matches?.("[data-poll]")) return;
    anchor = at && at !== body ? { at, top: at.getBoundingClientRect().top } : null;
    document.querySelectorAll("[data-keep]").forEach((part) => { part.style.minHeight = `${part.offsetHeight}px`; });
  });
  document.addEventListener("htmx:after:swap", () => {
    if (anchor && anchor.at === document.activeElement) scrollBy(0, anchor.at.getBoundingClientRect().top - anchor.top);
  });
  addEventListener("resize", () => document.querySelectorAll("[data-keep]").forEach((part) => { part.style.minHeight = ""; }));
  document.addEventListener("srm:counts", (event) => {
    for (const [key, n] of Object.entries(event.detail || {})) {
      document.querySelectorAll(`[data-count="${CSS.escape(key)}"]`).forEach((count) => { count.textContent = n || ""; count.hidden = !n; });
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    const form = event.target instanceof Element && event.target.closest("form[data-send]");
    if (form) { event.preventDefault(); form.requestSubmit(); }
  });

  // htmx: busy, focus, words
  const greeted = new WeakSet(); // a poll must not take the focus again
  const arrive = (scope) => {
    conditions(scope);
    scope.querySelectorAll("[data-bulk-scope]").forEach(bulk);
    const first = [...scope.querySelectorAll("[data-focus]")].find((element) => !greeted.has(element));
    if (!first) return;
    greeted.add(first);
    first.focus();
  };
  let held = "", home; // what has the focus, and where it goes when that is gone: data-home names it
  let opened = []; // what was opened to be read stays open
  const typed = new Map(); // what was typed while an answer is on its way is not taken back by it
  on("input", "[data-typed] [id]", (event, field) => typed.set(field.id, field.value));
  const retype = () => typed.forEach((value, id) => {
    const field = document.getElementById(id);
    if (!field || field.type === "file" || field.value === value) return;
    field.value = value;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });
  const target = (event) => event.detail?.ctx?.target;
  document.addEventListener("htmx:before:request", (event) => {
    held = document.activeElement?.id || "";
    home = document.activeElement?.closest("[data-home]")?.dataset.home || home;
    if (target(event)?.matches?.("[data-typed]")) typed.clear();
    target(event)?.setAttribute?.("aria-busy", "true");
  });
  document.addEventListener("htmx:finally:request", (event) => target(event)?.removeAttribute?.("aria-busy"));
  document.addEventListener("htmx:before:swap", () => { opened = [...document.querySelectorAll("details[id][open]")].map((one) => one.id); });
  document.addEventListener("htmx:after:swap", () => {
    opened.forEach((id) => { const one = document.getElementById(id); if (one) one.open = true; });
    arrive(document);
    retype();
    document.querySelectorAll(uploads).forEach(chosen);
    if (held && document.activeElement === body) (document.getElementById(held) || document.getElementById(home))?.focus();
  });
  document.addEventListener("htmx:error", () => say(body.dataset.failed, true));
  document.addEventListener("srm:announce", (event) => say(event.detail?.text, event.detail?.urgent));

  // the session has ended: nothing is swapped, and after signing in elsewhere the same is sent again
  const expired = document.getElementById("srm-expired");
  const ending = document.getElementById("srm-ending");
  const session = (method) => {
    const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value || "";
    return fetch(expired.dataset.state, { method, headers: method === "POST" ? { "X-CSRFToken": token } : {} })
      .then((answer) => (answer.ok ? answer.json() : null)).catch(() => null);
  };
  const renew = (state) => document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((input) => { input.value = state.csrf; });
  let unsent = null;
  document.addEventListener("htmx:before:response", (event) => {
    const ctx = event.detail.ctx;
    if (!expired || ctx.response.status !== 401) return;
    event.preventDefault();
    unsent = ctx;
    if (!expired.open) expired.showModal();
  });
  on("click", "[data-go-on]", async () => {
    const state = await session("GET");
    expired.querySelector("[data-still]").hidden = !!state;
    if (!state) return;
    renew(state);
    expired.close();
    const form = unsent?.sourceElement;
    if (unsent?.sourceEvent?.type === "submit" && form?.requestSubmit) form.requestSubmit();
    else if (form) htmx.trigger(form, unsent.sourceEvent?.type || "click");
    unsent = null;
  });
  const warn = (left) => setTimeout(async () => {
    const state = await session("GET");
    if (!state) return;
    if (state.left > 150) warn(state.left); else if (!ending.open) ending.showModal();
  }, Math.max(0, left - 120) * 1000);
  if (ending && body.dataset.left) warn(Number(body.dataset.left));
  on("click", "[data-stay]", async () => {
    const state = await session("POST");
    ending.close();
    if (state) { renew(state); if (state.left < 86400) warn(state.left); } else expired.showModal();
  });

  // what is typed into a text of a form stays in this browser until that form was taken; gone at sign-out
  const mine = `typed:${body.dataset.person || ""}:`;
  const store = {
    all: () => Object.keys(localStorage).filter((key) => key.startsWith("typed:")),
    get: (key) => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } },
  };
  const place = (text) => {
    const form = text.form;
    return form?.method === "post" && form.elements.form_key && form.id !== "f" && text.name
      ? `${mine}${location.pathname}:${new URL(form.action).pathname}:${text.name}` : "";
  };
  try {
    store.all().forEach((key) => { if (!body.dataset.person || !key.startsWith(mine) || store.get(key)?.form === body.dataset.sent) localStorage.removeItem(key); });
    if (body.dataset.person) {
      document.querySelectorAll("form[method=post] textarea").forEach((text) => {
        const kept = !text.value && place(text) && store.get(place(text));
        if (!kept) return;
        text.value = kept.text;
        localStorage.setItem(place(text), JSON.stringify({ text: kept.text, form: text.form.elements.form_key.value }));
        text.closest("details")?.setAttribute("open", "");
        text.after(document.getElementById("srm-restored").content.cloneNode(true));
      });
      on("input", "textarea", (event, text) => {
        const key = place(text);
        if (!key) return;
        if (text.value.trim()) localStorage.setItem(key, JSON.stringify({ text: text.value.slice(0, 20000), form: text.form.elements.form_key.value }));
        else localStorage.removeItem(key);
      });
      on("submit", 'form[action$="/account/sign-out"]', () => store.all().forEach((key) => localStorage.removeItem(key)));
    }
  } catch { /* storage is switched off: then nothing is kept */ }

  const offline = () => {
    let bar = document.querySelector(".srm-offline");
    if (navigator.onLine) { bar?.remove(); return; }
    if (bar) return;
    bar = document.createElement("div");
    bar.className = "srm-offline";
    bar.setAttribute("role", "status");
    bar.textContent = body.dataset.offline;
    body.append(bar);
  };
  addEventListener("online", offline);
  addEventListener("offline", offline);
  arrive(document);
})();
