// On a narrow screen the evidence is a sheet over the lower part of it: a mark raises it; a swipe, its button, Escape or the question box lowers it.
(() => {
  const NARROW = matchMedia("(max-width: 820px)"), FAR = 70; // pixels of a swipe that closes
  const column = () => document.getElementById("evidence-column");
  let shade = null, cameFrom = null;

  function raise() {
    if (!NARROW.matches || !column()) return;
    if (!shade) {
      shade = document.createElement("div");
      shade.id = "sheet-shade";
      shade.addEventListener("click", lower);
      document.body.append(shade);
    }
    const focused = document.activeElement;
    if (focused?.matches("a.mark")) cameFrom = focused;
    column().classList.add("raised");
    shade.hidden = false;
  }

  function lower() {
    if (!column()?.classList.contains("raised")) return false;
    column().classList.remove("raised");
    column().style.removeProperty("transform");
    if (shade) shade.hidden = true;
    const back = cameFrom?.isConnected ? cameFrom : null;
    if (column().contains(document.activeElement) || document.activeElement === document.body) back?.focus({ preventScroll: true });
    return true;
  }

  // Follows the finger down; let go far enough it closes, else it comes back.
  function swipes(element, handle, close) {
    let from = null, by = 0;
    element.addEventListener("touchstart", (event) => {
      const within = event.target.closest?.(handle);
      from = event.touches.length === 1 && (within || element.scrollTop <= 0) ? event.touches[0].clientY : null;
      by = 0;
    }, { passive: true });
    element.addEventListener("touchmove", (event) => {
      if (from === null || !NARROW.matches) return;
      by = event.touches[0].clientY - from;
      if (by > 0) { element.style.transform = `translateY(${by}px)`; element.style.transition = "none"; }
    }, { passive: true });
    element.addEventListener("touchend", () => {
      element.style.removeProperty("transform");
      element.style.removeProperty("transition");
      if (from !== null && by > FAR) close();
      from = null;
    });
  }

  const bus = window.jupilu.bus;
  bus.raise = raise;
  bus.lower = lower;
  bus.swipes = swipes;
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("a.mark")) cameFrom = event.target.closest("a.mark");
    if (event.target.closest?.("#evidence [data-action=back], #evidence [data-action=lower]")) lower();
  }, true);
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && lower()) event.stopImmediatePropagation();
  }, true);
  // Who goes on asking is done with looking.
  document.addEventListener("focusin", (event) => { if (event.target.closest?.("#asking")) lower(); });
  NARROW.addEventListener("change", () => { if (!NARROW.matches) lower(); });
  const seen = new MutationObserver(() => {
    if (!column()) return;
    seen.disconnect();
    swipes(column(), ".panel-head", lower);
  });
  seen.observe(document, { childList: true, subtree: true });
  // The filters beside the question are folded on a narrow screen.
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("#filters .fold");
    if (!button) return;
    const open = button.closest(".filters").classList.toggle("open");
    button.setAttribute("aria-expanded", String(open));
  });
})();
