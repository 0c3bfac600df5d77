// The page is shown when all its parts stand in their places, so that nothing jumps under the pointer: frame.css hides it till then.
(() => {
  const ready = () => document.documentElement.classList.add("jupilu-ready");
  const stands = () => document.querySelector("input[type=password]") || document.querySelector("#title h1") && document.querySelector("#thread .thread")
    && document.querySelector("#filters .filters") && document.querySelector(".conversations");
  const watching = new MutationObserver(() => {
    if (!stands()) return;
    watching.disconnect();
    // The toolkit measures its tabs a moment after they are drawn.
    setTimeout(() => {
      ready();
      if (innerWidth > 820 && (document.activeElement === document.body || !document.activeElement)) window.jupilu.box()?.focus({ preventScroll: true });
    }, 120);
  });
  watching.observe(document.documentElement, { childList: true, subtree: true });
  setTimeout(ready, 8000); // whatever went wrong must be seen
})();
