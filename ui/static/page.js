// The page's own script: clicks inside our HTML become Gradio events; nothing is fetched from elsewhere.
window.jupilu = (() => {
  const remembered = "jupilu-language";

  // Gradio's load event asks this for its inputs: the conversation in the address, the language.
  function arrival() {
    document.addEventListener("keydown", (event) => {
      const typing = event.target.closest("input, textarea, select, [contenteditable=true]");
      if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
        const box = document.querySelector("#question textarea");
        if (box) { event.preventDefault(); box.focus(); }
      }
    });
    const parameters = new URLSearchParams(location.search);
    const language = parameters.get("language") || localStorage.getItem(remembered) || navigator.language || "zh";
    return [parameters.get("c") || "", language];
  }

  // A text field for Gradio, a date field with its own calendar for people.
  function dates() {
    const field = document.querySelector("#as-of input");
    if (field && field.type !== "date") field.type = "date";
  }

  // The masthead says which language the page is in, so that screen readers pronounce it.
  new MutationObserver(() => {
    dates();
    const title = document.querySelector("#title [data-language]");
    if (title && document.documentElement.lang !== title.dataset.language) {
      document.documentElement.lang = title.dataset.language;
      localStorage.setItem(remembered, title.dataset.language);
    }
  }).observe(document.documentElement, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-language", "type"] });

  function onAction(element, handler) {
    element.addEventListener("click", (event) => {
      const source = event.target.closest("[data-action]");
      if (!source || !element.contains(source)) return;
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

  function thread(element, trigger, watch, events) {
    const [ask, evidence, feedback, amend, samples] = events;
    onAction(element, (action, data, source) => {
      // One question at a time: two answers at once would each draw the thread without the other.
      if ((action === "ask" || action === "retry") && element.querySelector(".turn.pending")) return;
      if (action === "ask") trigger(ask, { question: data.question });
      else if (action === "retry") trigger(ask, { question: data.question, number: data.number });
      else if (action === "edit") {
        trigger(amend, { question: data.question, number: data.number });
        document.querySelector("#question textarea")?.focus();
      } else if (action === "feedback") trigger(feedback, { number: data.number, good: data.good, reason: data.reason });
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
    let last = "";
    watch("value", () => {
      const frame = element.querySelector("[data-conversation]");
      if (!frame) return;
      const address = new URL(location.href);
      const id = frame.dataset.conversation;
      if (id) address.searchParams.set("c", id); else address.searchParams.delete("c");
      if (address.href !== location.href) history.replaceState(null, "", address);
      const turns = element.querySelectorAll(".turn");
      const newest = turns[turns.length - 1];
      const key = newest ? `${id}/${newest.id}/${newest.className}` : "";
      if (newest && key !== last && document.activeElement?.closest("#asking, #thread, body") && !newest.contains(document.activeElement))
        newest.scrollIntoView({ block: "nearest", behavior: calm() });
      last = key;
    });
  }

  function evidence(element, watch) {
    onAction(element, (action) => {
      if (action === "back" && cameFrom) { cameFrom.scrollIntoView({ block: "center", behavior: calm() }); cameFrom.focus(); }
    });
    watch("value", () => { if (wanted) showCard(...wanted); });
  }

  function conversations(element, trigger, watch, events) {
    const [open, rename, remove, fresh] = events;
    // On a narrow screen the list starts folded; what the user unfolds stays so until it is drawn again.
    watch("value", () => { if (innerWidth < 900) element.querySelector("details")?.removeAttribute("open"); });
    onAction(element, (action, data) => {
      if (action === "open") trigger(open, { id: data.id });
      else if (action === "new") { trigger(fresh, {}); document.querySelector("#question textarea")?.focus(); }
      else if (action === "delete") { if (confirm(data.prompt)) trigger(remove, { id: data.id }); }
      else if (action === "rename") {
        const title = prompt(data.prompt, data.title);
        if (title !== null && title.trim()) trigger(rename, { id: data.id, title });
      }
    });
  }

  function note(element, trigger, discard) { onAction(element, () => trigger(discard, {})); }

  // Before records are removed; an empty choice removes nothing.
  function sure(language, chosen) {
    if (!chosen || !chosen.length) return [language, []];
    const words = document.documentElement.lang.startsWith("zh")
      ? "从资料库移除所选记录？" : "Remove the chosen records from the library?";
    return [language, confirm(words) ? chosen : []];
  }

  return { arrival, thread, evidence, conversations, note, sure };
})();
