// The library tab: what is looked at is kept here; the pieces come as HTML from the page's own addresses.
window.jupilu.library = (element, trigger, watch, changed) => {
  const fresh = () => ({ view: "records", words: "", company: "", category: "", format: "", from: "", to: "", month: "", warned: "",
    new: "", sort: "date", backwards: "", page: 1, span: innerWidth < 600 ? "12" : "24", every: "" });
  const NARROWS = ["words", "company", "category", "format", "from", "to", "month", "warned", "new"];
  const state = fresh(), bus = window.jupilu.bus;
  let asked = 0, typing = 0, settling = 0, visible = false, settlesAt = 0;
  const frame = () => element.querySelector(".library"), shown = () => element.querySelector(".shown");

  function address() {
    const of = { language: frame().dataset.language };
    for (const [name, value] of Object.entries(state)) if (value && name !== "view") of[name] = value;
    return `jupilu/library/${state.view}?${new URLSearchParams(of)}`;
  }

  async function load({ top = false } = {}) {
    if (!frame() || !visible) return;
    const now = ++asked, words = JSON.parse(frame().dataset.words);
    mark();
    let text = null;
    try { const answer = await fetch(address()); if (answer.ok) text = await answer.text(); } catch { /* told below */ }
    if (now !== asked || !shown()) return;
    if (text === null) { shown().textContent = words.list_failed; return; }
    const focused = shown().contains(document.activeElement) ? { ...document.activeElement.dataset } : null;
    shown().innerHTML = text; // every value in it was escaped where it was made
    const chart = shown().querySelector(".coverage-figure .scroll");
    if (chart) chart.scrollLeft = chart.scrollWidth;
    if (focused?.do) shown().querySelector(Object.entries(focused).map(([key, value]) =>
      `[data-${key.replace(/[A-Z]/g, (c) => "-" + c.toLowerCase())}="${CSS.escape(value)}"]`).join(""))?.focus({ preventScroll: true });
    if (top) (element.querySelector(".views") || element).scrollIntoView({ block: "nearest" });
    settle();
  }

  // Where something is about to go, it is looked at again when it has gone, and the rest of the page is told.
  function settle() {
    clearTimeout(settling);
    const left = shown().querySelector("[data-leaving]")?.dataset.leaving;
    if (left) { settlesAt = 1; settling = setTimeout(load, Number(left) * 1000 + 400); }
    else if (settlesAt) { settlesAt = 0; trigger(changed, {}); }
  }

  function mark() {
    for (const button of element.querySelectorAll("[data-do=view]"))
      button.setAttribute("aria-pressed", String(button.dataset.view === state.view));
    const sieve = element.querySelector(".sieve");
    sieve.hidden = state.view !== "records";
    for (const field of sieve.elements) if (field.name in state) {
      if (field.type === "checkbox") field.checked = !!state[field.name];
      else if (field.value !== state[field.name] && document.activeElement !== field) field.value = state[field.name];
      // An empty date field speaks the browser's language: until it is used the page's own words cover it.
      if (field.type === "date") field.classList.toggle("empty", !field.value);
    }
  }

  function look(changes, options) { Object.assign(state, { page: 1, month: "" }, changes); load(options); }

  async function send(what, data) {
    try { await fetch(`jupilu/library/${what}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(data) }); } catch { /* the list shows what stands */ }
    load();
  }

  function ask({ company, question }) {
    bus.choose?.(company);
    document.querySelector("[role=tab]")?.click();
    const box = document.querySelector("#question textarea");
    if (question) { box.value = question; box.dispatchEvent(new Event("input", { bubbles: true })); }
    setTimeout(() => box.focus(), 60);
  }

  const actions = {
    view: ({ view }) => look({ ...fresh(), view }),
    home: () => look({ ...fresh() }, { top: true }),
    company: ({ company }) => look({ ...fresh(), view: "company", company }, { top: true }),
    month: ({ company, month }) => look({ ...fresh(), company, month }, { top: true }),
    "month-off": () => look({}),
    span: ({ span }) => look({ span }),
    "every-row": () => look({ every: "1" }),
    sort: ({ sort }) => look({ sort, backwards: state.sort === sort && !state.backwards ? "1" : "", month: state.month }),
    page: ({ page }) => look({ page: Number(page), month: state.month }, { top: true }),
    new: () => look({ new: state.new ? "" : "1" }),
    reset: () => look(Object.fromEntries(NARROWS.map((name) => [name, ""]))),
    seen: () => { state.new = ""; send("seen", {}); },
    remove: ({ record }) => send("removal", { record }),
    undo: ({ record }) => send("removal", { record, undo: true }),
    ask,
  };

  element.addEventListener("click", (event) => {
    const source = event.target.closest("[data-do]");
    if (source && element.contains(source)) actions[source.dataset.do]?.({ ...source.dataset });
  });
  element.addEventListener("submit", (event) => { event.preventDefault(); load(); });
  element.addEventListener("input", (event) => {
    const field = event.target;
    if (!field.closest(".sieve") || !(field.name in state)) return;
    clearTimeout(typing);
    typing = setTimeout(() => look({ [field.name]: field.type === "checkbox" ? (field.checked ? "1" : "") : field.value }), field.type === "search" ? 200 : 0);
  });
  element.addEventListener("keydown", (event) => { if (event.key === "Escape" && state.view === "company") actions.home(); });
  new IntersectionObserver(([entry]) => {
    const was = visible;
    visible = entry.isIntersecting;
    if (visible && !was && !shown()?.childElementCount) load();
  }).observe(element);
  watch("value", () => setTimeout(load));
};
