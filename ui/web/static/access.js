// Access: a live region that tells of answers, landmarks and names for what the toolkit leaves without.
(() => {
  const live = document.createElement("div");
  live.id = "announcements";
  live.className = "screen-reader-only";
  live.setAttribute("role", "status");
  live.setAttribute("aria-live", "polite");
  live.setAttribute("aria-atomic", "true");

  const words = () => document.querySelector("#title [data-language]")?.dataset ?? {};
  const told = new Map();
  let conversation = null;

  // One sentence when an answer begins and one when it is there; nothing for those that were there before.
  // An answer may be there at once: in a conversation just begun it is told from a stored one by having been asked for.
  function announce(thread) {
    const frame = thread.querySelector("[data-conversation]");
    if (!frame) return;
    const { bus } = window.jupilu, same = conversation === frame.dataset.conversation;
    if (!same) told.clear();
    for (const turn of thread.querySelectorAll(".turn")) {
      const pending = turn.classList.contains("pending"), state = pending ? "pending" : "done";
      const last = told.get(turn.id);
      told.set(turn.id, state);
      if (conversation === null || !(same || pending || bus.asked) || last === state) continue;
      if (pending) live.textContent = words().answering ?? "";
      else {
        bus.asked = false;
        const outcome = turn.querySelector(".outcome")?.textContent ?? turn.querySelector(".notice")?.textContent ?? "";
        const text = (turn.querySelector(".view-head, .view .said, .answer > .text") ?? turn).textContent.trim();
        live.textContent = `${(words().answered ?? "").replace("{outcome}", outcome.trim())} ${text.slice(0, 200)}`;
      }
    }
    conversation = frame.dataset.conversation;
  }

  // Names and roles for what stands on the page without them.
  function name() {
    const said = words();
    const parts = [["#conversation-column", "navigation", said.conversations], ["#evidence-column", "complementary", said.evidence],
      ["#thread-column", "region", said.thread]];
    for (const [selector, role, label] of parts) {
      const part = document.querySelector(selector);
      if (!part || !label) continue;
      if (part.getAttribute("role") !== role) part.setAttribute("role", role);
      if (part.getAttribute("aria-label") !== label) part.setAttribute("aria-label", label);
    }
    // What scrolls by itself can be reached with the keys.
    for (const part of document.querySelectorAll("#conversation-column, #evidence-column, .card .context, .card details ul, .page .frame")) {
      const scrolls = part.scrollHeight > part.clientHeight + 1 && /auto|scroll/.test(getComputedStyle(part).overflowY);
      if (scrolls && part.getAttribute("tabindex") !== "0") part.setAttribute("tabindex", "0");
      else if (!scrolls && part.getAttribute("tabindex") === "0" && part.tagName !== "A") part.removeAttribute("tabindex");
    }
    // The toolkit names its drop field in English; what is written on it is its name.
    for (const field of document.querySelectorAll(".upload-container[aria-label]")) {
      const text = field.textContent.replace(/\s+/g, " ").trim();
      if (text && field.getAttribute("aria-label") !== text) field.setAttribute("aria-label", text);
    }
    const skip = document.querySelector(".skip");
    if (skip && said.skip && skip.textContent !== said.skip) skip.textContent = said.skip;
  }

  function begin() {
    const skip = document.createElement("a");
    skip.className = "skip";
    skip.href = "#question";
    skip.addEventListener("click", (event) => { event.preventDefault(); window.jupilu.box()?.focus(); });
    document.body.prepend(skip);
    document.body.append(live);
    let due = 0;
    new MutationObserver(() => {
      if (due) return;
      due = setTimeout(() => {
        due = 0;
        name();
        const thread = document.querySelector("#thread");
        if (thread) announce(thread);
      }, 60);
    }).observe(document.body, { childList: true, subtree: true, characterData: true });
  }
  if (document.body) begin(); else addEventListener("DOMContentLoaded", begin);
})();
