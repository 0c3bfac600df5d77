// The preview of a mark: whose words, when, where, and the quote, in a small card beside it.
(() => {
  const SOON = 140, LATER = 220; // milliseconds before it shows, and before it goes: long enough to reach it with the pointer
  let card = null, mark = null, timer = 0, byPointer = false;
  const marked = (event) => event.target.closest?.("a.mark[data-quote]");

  function made() {
    if (card) return card;
    card = document.createElement("div");
    card.id = "peek"; card.setAttribute("role", "tooltip"); card.hidden = true;
    for (const name of ["whose", "where", "quote", "more"]) {
      const part = document.createElement(name === "quote" ? "blockquote" : "p");
      part.className = name; card.append(part);
    }
    card.addEventListener("pointerenter", () => clearTimeout(timer));
    card.addEventListener("pointerleave", () => hideIn(LATER));
    card.addEventListener("click", () => { const chosen = mark; hide(); chosen?.click(); });
    document.body.append(card);
    return card;
  }

  function show(of) {
    if (!of.isConnected) return;
    hide();
    mark = of;
    made();
    for (const name of ["whose", "where", "quote"]) card.querySelector(`.${name}`).textContent = of.dataset[name];
    const words = document.querySelector("#evidence [data-words]");
    card.querySelector(".more").textContent = words ? JSON.parse(words.dataset.words).peek_more : "";
    card.hidden = false;
    of.setAttribute("aria-describedby", "peek");
    const at = of.getBoundingClientRect(), own = card.getBoundingClientRect(), asking = document.getElementById("asking");
    const floor = asking ? Math.min(innerHeight, asking.getBoundingClientRect().top) : innerHeight;
    const below = at.bottom + 8 + own.height <= floor || at.top < own.height + 16;
    card.style.left = `${Math.max(8, Math.min(at.left - 24, document.documentElement.clientWidth - own.width - 8))}px`;
    card.style.top = `${below ? at.bottom + 8 : at.top - own.height - 8}px`;
  }

  function hide() {
    clearTimeout(timer);
    mark?.removeAttribute("aria-describedby");
    mark = null;
    if (card) card.hidden = true;
  }

  function hideIn(wait) { clearTimeout(timer); timer = setTimeout(hide, wait); }

  addEventListener("pointerdown", (event) => { byPointer = true; if (!event.target.closest?.("#peek")) hide(); }, true);
  addEventListener("keydown", (event) => {
    byPointer = false;
    if (event.key !== "Escape" || !mark) return;
    event.stopImmediatePropagation(); // it closes the preview, and stops no answer
    hide();
  }, true);
  document.addEventListener("pointerover", (event) => {
    const of = marked(event);
    if (!of || of === mark || event.pointerType === "touch") return;
    clearTimeout(timer);
    timer = setTimeout(() => show(of), SOON);
  });
  document.addEventListener("pointerout", (event) => { if (marked(event)) hideIn(LATER); });
  document.addEventListener("focusin", (event) => { const of = marked(event); if (of && !byPointer) show(of); });
  document.addEventListener("focusout", (event) => { if (marked(event)) hide(); });
  addEventListener("scroll", hide, { passive: true });
  addEventListener("resize", hide);
  // A thread that is drawn anew takes its marks along.
  new MutationObserver(() => { if (mark && !mark.isConnected) hide(); }).observe(document, { childList: true, subtree: true });
})();
