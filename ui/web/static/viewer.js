// The page viewer: the record that a citation stands in, beside the answer. Opened from a card of the evidence.
(() => {
  const WIDE = 820, LEAST = 0.5, MOST = 4, STEP = 1.25, PER_REQUEST = 60, KEPT = 8;
  const UNSEEN = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g; // may turn the reading direction: not shown
  const records = new Map(), boxes = new Map();
  let root = null, words = {}, list = [], at = 0, record = null, page = 1, zoom = 1, asText = false;
  let hits = [], count = 0, hit = -1, turn = 0, opener = null, typing = 0;
  const part = (name) => root.querySelector(`[data-part=${name}]`);
  const fill = (text, values) => text.replace(/{(\w+)}/g, (_, name) => values[name]);
  const isOpen = () => !!root && !root.hidden;

  function make() {
    root = document.createElement("aside");
    root.id = "viewer"; root.hidden = true; root.setAttribute("role", "dialog");
    const button = (name, sign) => `<button type="button" data-do="${name}">${sign}</button>`;
    root.innerHTML = `<header class="viewer-head"><div class="viewer-title"><h2 data-part="whose"></h2><p data-part="where"></p></div>
      ${button("close", "✕")}</header>
      <div class="viewer-bar"><span class="set">${button("citation_back", "‹")}<output data-part="citation"></output>${button("citation_forward", "›")}</span>
      <span class="set pages">${button("back", "‹")}<output data-part="page"></output>${button("forward", "›")}</span>
      <span class="set">${button("smaller", "−")}<output data-part="zoom"></output>${button("larger", "+")}${button("fit", "")}</span>
      <span class="set">${button("mode", "")}</span>
      <span class="set finding" role="search"><input type="search" maxlength="60" spellcheck="false" autocomplete="off"><output data-part="hits" role="status"></output>
      ${button("hit_back", "↑")}${button("hit_forward", "↓")}</span></div>
      <div class="viewer-stage" data-part="stage" tabindex="0"></div>`;
    document.body.append(root);
    root.addEventListener("click", (event) => { const name = event.target.closest("[data-do]")?.dataset.do; if (name) actions[name](); });
    root.addEventListener("keydown", onKey);
    root.querySelector("input").addEventListener("input", () => { clearTimeout(typing); typing = setTimeout(search, 200); });
    const stage = part("stage");
    stage.addEventListener("wheel", (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      enlarge(zoom * (event.deltaY < 0 ? 1.12 : 1 / 1.12), event);
    }, { passive: false });
    touches(stage);
    window.jupilu.bus.swipes?.(root, ".viewer-head", close);
  }

  function name(key, label) {
    for (const button of root.querySelectorAll(`[data-do=${key}]`)) { button.setAttribute("aria-label", label); button.title = label; }
  }

  function speak() {
    words = JSON.parse(document.querySelector("#evidence [data-words]").dataset.words);
    root.setAttribute("aria-label", words.viewer);
    for (const key of ["close", "back", "forward", "larger", "smaller", "fit", "hit_back", "hit_forward", "citation_back", "citation_forward"])
      name(key, words[key]);
    root.querySelector("[data-do=fit]").textContent = words.fit;
    const input = root.querySelector("input");
    input.placeholder = words.search; input.setAttribute("aria-label", words.search);
  }

  // ---------------------------------------------------------------- opening

  // The citations of the answer whose cards are shown, each quoted span one.
  function listed() {
    return [...document.querySelectorAll("#evidence .card[data-place]")].flatMap((card) => {
      const place = JSON.parse(card.dataset.place);
      return place.spans.map((span) => ({ ...place, span }));
    });
  }

  async function open(card, from, wantedPage) {
    if (!card.dataset.place) return;
    if (!root) make();
    speak();
    if (!isOpen()) { opener = from; asText = false; zoom = 1; }
    list = listed();
    const { mark } = JSON.parse(card.dataset.place);
    at = Math.max(0, list.findIndex((one) => one.mark === mark));
    root.hidden = false;
    document.documentElement.classList.add("viewing");
    if (innerWidth <= WIDE) document.querySelector("gradio-app, .gradio-container")?.setAttribute("inert", "");
    part("stage").focus({ preventScroll: true });
    await cite(at, wantedPage);
  }

  function close() {
    if (!isOpen()) return;
    turn += 1;
    root.hidden = true;
    document.documentElement.classList.remove("viewing");
    document.querySelector("[inert]")?.removeAttribute("inert");
    part("stage").replaceChildren();
    record = null;
    if (opener?.isConnected) opener.focus({ preventScroll: true });
  }

  async function cite(number, wantedPage) {
    at = number;
    const one = list[at], now = ++turn;
    if (!one) return;
    part("whose").textContent = `[${one.mark}] ${one.whose}`;
    part("where").textContent = one.where;
    blank(words.loading); // nothing of another record stands here until this one is there
    record = null;
    told();
    const found = await recordOf(one.record);
    if (now !== turn) return;
    if (!found) return blank(words.failed);
    record = found;
    page = wantedPage || pageOf(one.span[0]);
    await search({ keeps: true });
    if (now === turn) draw();
  }

  async function recordOf(id) {
    if (!records.has(id)) {
      const told = await fetched(`jupilu/records/${encodeURIComponent(id)}/view`);
      if (!told) return null;
      told.text = Array.from(told.text); // the spans count characters, not halves of them
      records.set(id, told);
      if (records.size > KEPT) records.delete(records.keys().next().value);
    }
    return records.get(id);
  }

  async function fetched(address) {
    try {
      const answer = await fetch(address);
      return answer.ok ? await answer.json() : null;
    } catch { return null; }
  }

  // ---------------------------------------------------------------- drawing

  const paged = () => !!record && record.format === "pdf" && record.pages.length > 0;
  const pageOf = (place) => record.pages.find((one) => one.start <= place && place < one.end)?.number || 1;
  const bounds = () => (record.pages.length ? record.pages[page - 1] : { start: 0, end: record.text.length });
  const quotes = () => list.filter((one) => one.record === list[at].record && one.mark === list[at].mark).map((one) => one.span);

  function blank(text) {
    const note = document.createElement("p");
    note.className = "viewer-note"; note.setAttribute("role", "status"); note.textContent = text;
    part("stage").replaceChildren(note);
  }

  function told() {
    const pages = record?.pages.length || 0, paging = root.querySelector(".pages");
    paging.hidden = !!record && pages === 0; // until it is known they keep their room
    part("page").textContent = pages ? fill(words.of, { page, pages }) : "";
    part("citation").textContent = fill(words.citation, { at: at + 1, count: list.length });
    part("zoom").textContent = `${Math.round(zoom * 100)}%`;
    part("hits").textContent = !root.querySelector("input").value.trim() ? "" : count ? fill(words.hits, { at: hit < 0 ? "–" : hit + 1, count }) : words.no_hits;
    const off = { back: page <= 1, forward: page >= pages, citation_back: at <= 0, citation_forward: at >= list.length - 1,
      hit_back: !count, hit_forward: !count, smaller: zoom <= LEAST, larger: zoom >= MOST };
    for (const [key, isOff] of Object.entries(off)) root.querySelector(`[data-do=${key}]`).setAttribute("aria-disabled", String(isOff));
    const mode = root.querySelector("[data-do=mode]");
    mode.hidden = !!record && !paged();
    mode.textContent = asText ? words.picture : words.text;
  }

  function draw({ follow = true } = {}) {
    if (!record) return;
    turn += 1;
    told();
    if (asText || !paged()) drawText(follow); else drawPage(follow);
  }

  function drawText(follow) {
    const { start, end } = bounds(), body = document.createElement("div");
    body.className = "record-text"; body.style.setProperty("--zoom", zoom);
    const marks = [...quotes().map(([from, to]) => [from, to, "quote"]), ...hits.map(([from, to], n) => [from, to, n === hit ? "hit current" : "hit"])];
    const edges = [...new Set([start, end, ...marks.flatMap(([from, to]) => [from, to])])].filter((e) => e >= start && e <= end).sort((a, b) => a - b);
    edges.slice(0, -1).forEach((from, n) => {
      const to = edges[n + 1], text = record.text.slice(from, to).join("").replace(UNSEEN, "");
      const kinds = marks.filter(([a, b]) => a <= from && to <= b).map(([, , kind]) => kind);
      if (!kinds.length) return body.append(text);
      const mark = document.createElement("mark");
      mark.className = kinds.join(" "); mark.textContent = text; body.append(mark);
    });
    part("stage").replaceChildren(body);
    if (follow) intoView(body.querySelector(hit >= 0 ? ".current" : ".quote"));
  }

  function drawPage(follow) {
    const one = record.pages[page - 1], now = turn, key = `${record.id}/${page}`, stands = part("stage").querySelector(".sheet-page");
    // Only the very same page of the very same record stays while its marks are drawn anew.
    const keeps = stands?.dataset.key === key, frame = keeps ? stands : document.createElement("div"), over = document.createElement("div");
    frame.dataset.key = key; frame.className = "sheet-page"; over.className = "over"; over.setAttribute("aria-hidden", "true");
    frame.style.aspectRatio = `${one.width} / ${one.height}`;
    frame.style.width = `${zoom * 100}%`;
    frame.querySelector(".over")?.remove();
    frame.append(over);
    if (!keeps) { part("stage").replaceChildren(frame); picture(frame, one, sharpAt(one)); }
    printed(one).then((found) => {
      if (now !== turn) return;
      for (const [kind, [, left, top, right, bottom]] of found) {
        const box = document.createElement("i");
        box.className = kind;
        Object.assign(box.style, { left: `${(left / one.width) * 100}%`, top: `${(top / one.height) * 100}%`,
          width: `${((right - left) / one.width) * 100}%`, height: `${((bottom - top) / one.height) * 100}%` });
        over.append(box);
      }
      if (follow) intoView(over.querySelector(hit >= 0 && over.querySelector(".current") ? ".current" : ".quote"));
    });
  }

  // Every picture is an element of its own: that of another page can never stand in its frame.
  function picture(frame, one, sharp) {
    const image = new Image();
    image.alt = fill(words.page_picture, { file: record.file, page: one.number });
    image.dataset.sharp = sharp ? "1" : "";
    image.addEventListener("load", () => { if (frame.isConnected) { frame.querySelector("img")?.remove(); frame.prepend(image); } });
    image.addEventListener("error", () => { if (frame.isConnected && !frame.querySelector("img")) { const note = document.createElement("p"); note.className = "viewer-note"; note.textContent = words.failed; frame.prepend(note); } });
    image.src = `jupilu/records/${encodeURIComponent(record.id)}/pages/${one.number}.png${sharp ? "?sharp=1" : ""}`;
  }

  function sharpAt(one) { return part("stage").clientWidth * zoom * (devicePixelRatio || 1) > one.width * 1.9; }

  async function printed(one) {
    const here = hits.map((span, n) => [span, n]).filter(([[start]]) => one.start <= start && start < one.end);
    const spans = [...quotes().map((span) => ["quote", span]), ...here.map(([span, n]) => [n === hit ? "hit current" : "hit", span])];
    const of = record.id, key = (span) => `${of}:${span[0]}-${span[1]}`;
    const lacking = spans.map(([, span]) => span).filter((span) => !boxes.has(key(span)));
    for (let n = 0; n < lacking.length; n += PER_REQUEST) {
      const some = lacking.slice(n, n + PER_REQUEST);
      const found = await fetched(`jupilu/records/${encodeURIComponent(of)}/boxes?spans=${some.map((s) => s.join("-")).join(",")}`);
      some.forEach((span, place) => { if (found) boxes.set(key(span), found[place] || []); });
    }
    return spans.flatMap(([kind, span]) => (boxes.get(key(span)) || []).filter((box) => box[0] === one.number).map((box) => [kind, box]));
  }

  function intoView(target) {
    const stage = part("stage");
    if (!target) return stage.scrollTo(0, 0);
    const place = target.getBoundingClientRect(), own = stage.getBoundingClientRect();
    if (place.top < own.top + 24 || place.bottom > own.bottom - 24) stage.scrollTop += place.top - own.top - own.height / 3;
    if (place.left < own.left || place.right > own.right) stage.scrollLeft += place.left - own.left - 24;
  }

  // ---------------------------------------------------------------- turning, enlarging, finding

  function go(to) {
    if (!record?.pages.length || to < 1 || to > record.pages.length || to === page) return;
    page = to;
    draw({ follow: false });
    part("stage").scrollTo(0, 0);
  }

  function enlarge(to, about) {
    const next = Math.min(MOST, Math.max(LEAST, to)), stage = part("stage"), by = next / zoom, own = stage.getBoundingClientRect();
    const x = about ? about.clientX - own.left : own.width / 2, y = about ? about.clientY - own.top : own.height / 2;
    const left = (stage.scrollLeft + x) * by - x, top = (stage.scrollTop + y) * by - y;
    zoom = Math.abs(next - 1) < 0.02 ? 1 : next;
    told();
    const frame = stage.querySelector(".sheet-page");
    stage.querySelector(".record-text")?.style.setProperty("--zoom", zoom);
    if (frame) {
      frame.style.width = `${zoom * 100}%`;
      stage.scrollTo(left, top);
      const one = record.pages[page - 1];
      if (sharpAt(one) && !frame.querySelector("img")?.dataset.sharp) picture(frame, one, true);
    }
  }

  async function search({ keeps = false } = {}) {
    const sought = root.querySelector("input").value.trim(), now = turn;
    hits = []; count = 0; hit = -1;
    if (sought && record) {
      const found = await fetched(`jupilu/records/${encodeURIComponent(record.id)}/words?words=${encodeURIComponent(sought)}`);
      if (now !== turn || sought !== root.querySelector("input").value.trim()) return;
      hits = found?.hits || []; count = found?.count || 0;
      const { start } = bounds();
      if (hits.length && !keeps) { const next = hits.findIndex(([from]) => from >= start); hit = next < 0 ? 0 : next; }
    }
    if (keeps) return;
    if (hit >= 0 && record.pages.length) page = pageOf(hits[hit][0]);
    draw();
  }

  function step(by) {
    if (!hits.length) return;
    hit = hit < 0 ? 0 : (hit + by + hits.length) % hits.length;
    if (record.pages.length) page = pageOf(hits[hit][0]);
    draw();
  }

  function citation(by) { if (list[at + by]) { hit = -1; cite(at + by); } }

  const actions = {
    close, back: () => go(page - 1), forward: () => go(page + 1), smaller: () => enlarge(zoom / STEP), larger: () => enlarge(zoom * STEP),
    fit: () => { enlarge(1); part("stage").scrollLeft = 0; }, mode: () => { asText = !asText; draw(); },
    hit_back: () => step(-1), hit_forward: () => step(1), citation_back: () => citation(-1), citation_forward: () => citation(1),
  };
  const keys = { ArrowLeft: "back", PageUp: "back", ArrowRight: "forward", PageDown: "forward", "+": "larger", "=": "larger", "-": "smaller",
    0: "fit", n: "citation_forward", p: "citation_back" };

  function onKey(event) {
    const inInput = event.target.matches("input");
    if (event.key === "Escape") { event.preventDefault(); close(); }
    else if (inInput && event.key === "Enter" && !event.isComposing) { event.preventDefault(); clearTimeout(typing); if (hits.length) step(event.shiftKey ? -1 : 1); else search(); }
    else if (inInput || event.ctrlKey || event.metaKey || event.altKey) return;
    else if (event.key === "/") { event.preventDefault(); root.querySelector("input").focus(); }
    else if (event.key === "Home") go(1);
    else if (event.key === "End") go(record?.pages.length || 1);
    else if (keys[event.key]) { event.preventDefault(); actions[keys[event.key]](); }
  }

  // Two fingers enlarge; one, sideways on a page that fits, turns it.
  function touches(stage) {
    let apart = 0, was = 1, from = null;
    const gap = ([one, other]) => Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
    stage.addEventListener("touchstart", (event) => {
      if (event.touches.length === 2) { apart = gap(event.touches); was = zoom; from = null; }
      else from = [event.touches[0].clientX, event.touches[0].clientY];
    }, { passive: true });
    stage.addEventListener("touchmove", (event) => {
      if (event.touches.length !== 2 || !apart) return;
      event.preventDefault();
      const [one, other] = event.touches;
      enlarge(was * (gap(event.touches) / apart), { clientX: (one.clientX + other.clientX) / 2, clientY: (one.clientY + other.clientY) / 2 });
    }, { passive: false });
    stage.addEventListener("touchend", (event) => {
      apart = 0;
      const end = event.changedTouches[0];
      if (!from || zoom > 1) return;
      const across = end.clientX - from[0], down = end.clientY - from[1];
      if (Math.abs(across) > 60 && Math.abs(down) < 40) go(page + (across < 0 ? 1 : -1));
      from = null;
    });
  }

  // ---------------------------------------------------------------- the page around it

  document.addEventListener("click", (event) => {
    const source = event.target.closest?.("#evidence [data-action=view]");
    if (source && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault(); event.stopPropagation();
      open(source.closest(".card"), source, Number(source.dataset.page) || 0);
    } else if (event.target.closest?.("[role=tab]") || event.target.closest?.("[data-action=new], [data-action=open]")) close();
    else if (isOpen() && event.target.closest?.("a.mark")) follow(event.target.closest("a.mark"));
  }, true);

  // A mark that is clicked while the viewer is open turns it to that citation, once its card is there.
  function follow(mark) {
    const id = `evidence-${mark.dataset.number}-${mark.dataset.mark}`, until = Date.now() + 5000;
    const look = () => {
      const card = document.getElementById(id);
      if (card) open(card, opener); else if (Date.now() < until) setTimeout(look, 60);
    };
    setTimeout(look);
  }

  addEventListener("keydown", (event) => {
    if (!isOpen()) return;
    if (event.key === "Escape" && !root.contains(event.target)) { event.stopImmediatePropagation(); close(); }
    else if (root.contains(event.target) && (event.key === "/" || event.key === "Escape")) { event.stopImmediatePropagation(); onKey(event); }
  }, true);
})();
