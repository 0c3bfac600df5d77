// The page's own script: clicks inside our HTML become Gradio events; nothing is fetched from elsewhere.
window.jupilu = (() => {
  const remembered = "jupilu-language";

  // Gradio's load event asks this for its inputs: the conversation in the address, the language.
  function arrival() {
    document.addEventListener("keydown", onKey, true);
    document.addEventListener("click", onSend, true);
    document.addEventListener("input", (event) => { if (event.target === box()) tooLong(); });
    addEventListener("popstate", () => bus.open?.(shownInAddress()));
    const parameters = new URLSearchParams(location.search);
    const language = parameters.get("language") || localStorage.getItem(remembered) || navigator.language || "zh";
    return [parameters.get("c") || "", language];
  }

  // What other parts of the page can be asked to do: each part puts its own here when it is there.
  const bus = {}, entered = [];
  const box = () => document.querySelector("#question textarea");
  const shownInAddress = () => new URLSearchParams(location.search).get("c") || "";

  function onKey(event) {
    if (event.target === box() && event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      if (tooLong()) { event.preventDefault(); event.stopImmediatePropagation(); }
      else take();
    }
    if (event.key === "Escape" && document.querySelector(".turn.pending") && !event.target.closest?.("#company, .new-name")) bus.halt?.();
    const typing = event.target.closest?.("input, textarea, select, [contenteditable=true]");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey && box()) {
      event.preventDefault(); box().focus();
    }
  }

  function onSend(event) {
    if (!event.target.closest?.("#question .submit-button")) return;
    if (tooLong()) { event.preventDefault(); event.stopImmediatePropagation(); }
    else take();
  }

  // What is asked leaves its box at once: on a busy machine Gradio reads the box long after Enter, and what is typed meanwhile stays.
  function take() {
    if (!box().value.trim()) return;
    entered.push(box().value);
    box().value = "";
    box().dispatchEvent(new Event("input", { bubbles: true }));
  }

  // A question that is too long is not sent: it stays in its box, with a word.
  function tooLong() {
    const row = document.querySelector("#filters .filters"), note = row?.querySelector(".over");
    if (!note || !box()) return false;
    const count = [...box().value.trim()].length, over = count > Number(row.dataset.most);
    note.hidden = !over;
    note.textContent = over ? row.dataset.over.replace("{count}", count) : "";
    return over;
  }

  // Gradio asks this before it sends a question: the filters as they stand, the conversation as it is shown.
  // Requests of one moment may overtake each other: each waits until the one before it is seen to have arrived.
  let arrivedBefore = Promise.resolve();
  async function sent(question, editing, _, __, language) {
    question = entered.shift() ?? question;
    bus.asked = true;
    const filters = bus.filters?.() ?? "", before = arrivedBefore;
    let arrivedNow;
    arrivedBefore = new Promise((resolve) => { arrivedNow = resolve; });
    await before;
    const turns = () => document.querySelectorAll("#thread .turn").length, had = turns();
    const ends = setTimeout(arrivedNow, 3000);
    bus.drawn = () => { if (turns() !== had) { clearTimeout(ends); arrivedNow(); } };
    return [question, editing, filters, shownInAddress(), language];
  }

  // Gradio words its drop field in the browser's language; here the page's counts.
  function dropWords({ drop, or, click }) {
    for (const field of document.querySelectorAll("#upload button")) {
      const words = document.createTreeWalker(field, NodeFilter.SHOW_TEXT), found = [];
      while (words.nextNode()) if (words.currentNode.nodeValue.trim()) found.push(words.currentNode);
      if (found.length !== 3) continue;
      [drop, `- ${or} -`, click].forEach((word, n) => { if (found[n].nodeValue.trim() !== word) found[n].nodeValue = word; });
    }
  }

  // The masthead says which language the page is in, so that screen readers pronounce it.
  new MutationObserver(() => {
    const title = document.querySelector("#title [data-language]");
    if (title && document.documentElement.lang !== title.dataset.language) {
      document.documentElement.lang = title.dataset.language;
      localStorage.setItem(remembered, title.dataset.language);
    }
    if (title) dropWords(title.dataset);
  }).observe(document.documentElement, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-language"] });

  function onAction(element, handler) {
    element.addEventListener("click", (event) => {
      const source = event.target.closest("[data-action]");
      if (!source || !element.contains(source) || event.ctrlKey || event.metaKey) return; // a new tab is the browser's
      event.preventDefault();
      handler(source.dataset.action, { ...source.dataset }, source);
    });
  }

  function calm() { return matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth"; }

  // Where a mark was clicked, to come back to.
  let cameFrom = null, wanted = null;

  function showCard(number, mark) {
    const card = document.getElementById(`evidence-${number}-${mark}`);
    if (!card) return false;
    bus.raise?.();
    document.querySelectorAll("#evidence .card.chosen").forEach((other) => other.classList.remove("chosen"));
    card.classList.add("chosen");
    card.scrollIntoView({ block: "nearest", behavior: calm() });
    card.focus({ preventScroll: true });
    wanted = null;
    return true;
  }

  async function copy(text, button) {
    const label = button.textContent;
    let done = true;
    try { await navigator.clipboard.writeText(text); } catch {
      const area = document.createElement("textarea");
      area.value = text; document.body.append(area); area.select();
      done = document.execCommand("copy"); area.remove();
    }
    button.textContent = done ? "✓" : "✗";
    setTimeout(() => { button.textContent = label; }, 1200);
  }

  // Details that a visitor unfolded stay so when their part is drawn anew; Gradio patches it element by element.
  const unfolded = new Set();
  function keepFolds(element) {
    element.addEventListener("click", (event) => {
      const summary = event.target.closest("summary"), key = summary?.parentElement.dataset.key;
      if (key) summary.parentElement.open ? unfolded.delete(key) : unfolded.add(key);
    });
    new MutationObserver(() => element.querySelectorAll("details[data-key]").forEach((details) => {
      if (details.open !== unfolded.has(details.dataset.key)) details.open = !details.open;
    })).observe(element, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-key", "open"] });
  }

  // The newest turn is read from its top: all of it in sight where it fits, its question on top where it does not.
  let stays = "";
  function inSight(turn) {
    if (stays === turn.id) return;
    const place = turn.getBoundingClientRect(), asking = document.getElementById("asking");
    const sticks = getComputedStyle(asking).position === "sticky";
    const room = innerHeight - (sticks ? asking.offsetHeight : 0) - 16;
    const by = place.height > room - 8 ? place.top - 8 : Math.max(0, place.bottom - room) || Math.min(0, place.top - 8);
    if (Math.abs(by) > 1) scrollBy({ top: by, behavior: "instant" });
  }

  function thread(element, trigger, watch, events) {
    const [ask, evidence, feedback, amend, samples, halt, late] = events;
    bus.halt = () => trigger(halt, {});
    const asks = (data) => { bus.asked = true; trigger(ask, data); };
    bus.askAnew = (question, filters) => asks({ question, anew: "1", filters: JSON.stringify(filters) });
    keepFolds(element);
    // Whoever scrolls away from a running answer is left where they are.
    for (const kind of ["wheel", "touchmove"])
      addEventListener(kind, () => { stays = element.querySelector(".turn.pending")?.id || stays; }, { passive: true });
    onAction(element, (action, data, source) => {
      const filters = bus.filters?.() ?? "";
      if (action === "ask") asks({ question: data.question, again: data.again || "", filters });
      else if (action === "retry") asks({ question: data.question, number: data.number, filters });
      else if (action === "clarify") {
        const one = JSON.stringify({ ...JSON.parse(filters || "{}"), company: data.company });
        asks({ question: data.question, number: data.number, filters: one });
      } else if (action === "edit") {
        trigger(amend, { question: data.question, number: data.number });
        box()?.focus();
      } else if (action === "feedback") {
        const comment = source.parentElement.querySelector("textarea")?.value ?? "";
        unfolded.delete(`bad-${data.number}`); unfolded.delete(`comment-${data.number}`);
        trigger(feedback, { number: data.number, good: data.good, reason: data.reason, comment });
      }
      else if (action === "copy") copy(data.copy, source);
      else if (action === "examples") trigger(samples, {});
      else if (action === "evidence") {
        cameFrom = source;
        if (!showCard(data.number, data.mark)) {
          wanted = [data.number, data.mark];
          trigger(evidence, { number: data.number, mark: data.mark });
        }
      }
    });
    let last = "", shown = null, newest = 0;
    // Gradio tells of a value before it is drawn.
    watch("value", () => setTimeout(() => {
      bus.drawn?.();
      const frame = element.querySelector("[data-conversation]");
      if (!frame) return;
      const id = frame.dataset.conversation;
      if (id !== shownInAddress()) {
        const address = new URL(location.href);
        if (id) address.searchParams.set("c", id); else address.searchParams.delete("c");
        history[shown === null ? "replaceState" : "pushState"](null, "", address);
      }
      // What was sent earlier may arrive later: then the conversation is asked for once more.
      const look = Number(frame.dataset.look), overtaken = look < newest;
      newest = look;
      if (overtaken) trigger(late, {});
      const turns = element.querySelectorAll(".turn"), lastTurn = turns[turns.length - 1];
      const pending = element.querySelector(".turn.pending:not(.waiting)");
      const target = pending || lastTurn;
      if (shown !== id) { stays = ""; shown = id; }
      bus.writes?.(id, frame.dataset.model);
      if (!target) return;
      const key = `${id}/${target.id}/${pending ? "pending" : ""}`;
      if ((pending || key !== last) && !element.contains(document.activeElement)) inSight(target);
      last = key;
    }));
  }

  // Gradio turns a picture's element to another page: until that is loaded the old page would stand there as evidence.
  function freshPictures(element) {
    new MutationObserver((changes) => {
      for (const { target } of changes)
        if (target.tagName === "IMG" && target.isConnected) target.replaceWith(target.cloneNode());
    }).observe(element, { subtree: true, attributes: true, attributeFilter: ["src"] });
  }

  function evidence(element, watch) {
    keepFolds(element);
    freshPictures(element);
    onAction(element, (action) => {
      if (action === "back" && cameFrom) { cameFrom.scrollIntoView({ block: "center", behavior: calm() }); cameFrom.focus(); }
    });
    watch("value", () => { if (wanted) showCard(...wanted); });
  }

  function note(element, trigger, discard) { onAction(element, () => trigger(discard, {})); }

  return { arrival, sent, thread, evidence, note, bus, onAction, box };
})();
