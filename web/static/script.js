// Optional: every page works without it. It swaps results in place, so that focus and scroll stay
// where they are, completes what is typed, and lets "/" jump to the search box.
"use strict";
(() => {
  document.documentElement.classList.add("scripted");
  const form = document.getElementById("search");
  const box = document.getElementById("q");
  const said = document.getElementById("said");
  const wide = window.matchMedia("(min-width: 60rem)");
  const main = () => document.getElementById("content");
  const usual = { match: "auto" };

  // ---- Results in place ------------------------------------------------------------------

  let shown = location.pathname + location.search;

  const address = () => {
    const url = new URL(form.action);
    for (const [name, value] of new FormData(form))
      if (value.trim() && usual[name] !== value) url.searchParams.append(name, value);
    return url;
  };

  const sameField = ({ name, type, value }) =>
    [...form.elements].find(
      (one) => name && one.name === name && (!/checkbox|radio/.test(type) || one.value === value),
    );

  const show = (page) => {
    const focused = document.activeElement;
    const open = document.getElementById("show-filters")?.checked;
    main().replaceWith(document.adoptNode(page.getElementById("content")));
    document.title = page.title;
    shown = location.pathname + location.search;
    if (focused !== box || focused.value.trim() === "") box.value = page.getElementById("q").value;
    const toggle = document.getElementById("show-filters");
    if (toggle && open && !wide.matches) toggle.checked = true;
    if (!focused.isConnected) (sameField(focused) ?? main()).focus({ preventScroll: true });
    said.textContent = main().querySelector("h1")?.textContent ?? "";
  };

  let running = null;
  const go = async (url, { push = true, top = false } = {}) => {
    running?.abort();
    const mine = (running = new AbortController());
    main().setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(url, { signal: mine.signal, headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!page.getElementById("content")) throw new Error("not one of our pages");
      if (push) history.pushState(null, "", url);
      show(page);
      if (top) window.scrollTo(0, 0);
    } catch (error) {
      if (error.name !== "AbortError") location.assign(url);
    }
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    close();
    const toggle = document.getElementById("show-filters");
    if (toggle) toggle.checked = false;
    if (!wide.matches) box.blur();
    go(address(), { top: true });
  });

  form.addEventListener("change", (event) => {
    const inFilters = event.target.closest(".filters");
    if (wide.matches && inFilters && event.target.name) go(address());
  });

  form.addEventListener("click", (event) => {
    const link = event.target.closest("main a[href]");
    const plain = !(event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    if (!link || !plain || link.target) return;
    const url = new URL(link.getAttribute("href"), location.href);
    const search = new URL(form.action);
    if (url.origin !== search.origin || url.pathname !== search.pathname) return;
    event.preventDefault();
    if (document.activeElement === box) box.blur();
    box.value = url.searchParams.get("q") ?? "";
    go(url, { top: !link.closest(".filters, .chosen") });
  });

  window.addEventListener("popstate", () => {
    if (shown === location.pathname + location.search) return; // only the #fragment changed
    box.blur();
    go(location.href, { push: false });
  });

  // ---- Completions: an ARIA combobox ------------------------------------------------------

  const list = document.createElement("ul");
  list.id = "completions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Completions");
  list.hidden = true;
  box.after(list);
  for (const [name, value] of Object.entries({
    role: "combobox",
    "aria-expanded": "false",
    "aria-controls": list.id,
    "aria-autocomplete": "list",
  }))
    box.setAttribute(name, value);

  let typed = "";
  let at = -1;
  let timer = 0;
  let asking = null;

  const close = () => {
    clearTimeout(timer);
    asking?.abort();
    list.hidden = true;
    at = -1;
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
  };

  const choose = (place) => {
    const options = [...list.children];
    at = ((place + 1 + options.length + 1) % (options.length + 1)) - 1;
    options.forEach((option, i) => option.setAttribute("aria-selected", String(i === at)));
    box.value = at < 0 ? typed : options[at].textContent;
    if (at < 0) box.removeAttribute("aria-activedescendant");
    else box.setAttribute("aria-activedescendant", options[at].id);
  };

  const offer = (words) => {
    list.replaceChildren(
      ...words.map((word, i) => {
        const option = document.createElement("li");
        option.id = `completion-${i}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.textContent = word;
        return option;
      }),
    );
    at = -1;
    list.hidden = words.length === 0;
    box.setAttribute("aria-expanded", String(words.length > 0));
  };

  const ask = async () => {
    asking?.abort();
    asking = new AbortController();
    try {
      const url = `${box.dataset.suggest}?q=${encodeURIComponent(typed)}`;
      const answer = await fetch(url, { signal: asking.signal });
      if (answer.ok && document.activeElement === box) offer((await answer.json())[1]);
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  };

  box.addEventListener("input", () => {
    typed = box.value;
    clearTimeout(timer);
    if (typed.trim().length < 2) close();
    else timer = setTimeout(ask, 90);
  });

  box.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown") choose(at + 1);
    else if (event.key === "ArrowUp") choose(at - 1);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });

  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const option = event.target.closest("li");
    if (!option) return;
    box.value = option.textContent;
    form.requestSubmit();
  });

  box.addEventListener("blur", close);

  // ---- "/" ---------------------------------------------------------------------------------

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input:not([type=checkbox], [type=radio]), textarea, select");
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    box.focus();
    box.select();
  });
})();
