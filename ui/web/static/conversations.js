// The list of conversations: search, a new name in place, delete with a way back.
window.jupilu.conversations = (element, trigger, watch, events) => {
  const [open, rename, remove, fresh, restore] = events, { bus, onAction, box } = window.jupilu;
  bus.open = (id) => trigger(id ? open : fresh, { id });

  const plain = (text) => text.normalize("NFKC").toLowerCase().trim();
  let sought = "";
  // What is typed hides what does not fit, also when the list has been drawn anew.
  function search() {
    const input = element.querySelector("#sought-conversation"), words = plain(input ? sought : "").split(/\s+/);
    let found = 0;
    for (const group of element.querySelectorAll(".days-group")) {
      let shown = 0;
      for (const item of group.querySelectorAll("li")) {
        item.hidden = !words.every((word) => item.dataset.sought.includes(word));
        if (!item.hidden) shown += 1;
      }
      group.hidden = !shown;
      found += shown;
    }
    const none = element.querySelector(".none");
    if (none) none.hidden = !(sought && !found);
    if (input && input.value !== sought) input.value = sought;
  }
  element.addEventListener("input", (event) => {
    if (event.target.id === "sought-conversation") { sought = event.target.value; search(); }
  });

  // A name is changed where it stands: Enter or leaving keeps it, Escape does not.
  function named(input, keep, byKey) {
    const button = input.parentElement.querySelector(".open"), title = input.value.trim();
    if (input.hidden) return;
    input.hidden = true;
    button.hidden = false;
    if (keep && title && title !== input.defaultValue) trigger(rename, { id: input.dataset.id, title });
    else input.value = input.defaultValue;
    if (byKey) button.focus();
  }
  element.addEventListener("keydown", (event) => {
    if (!event.target.matches(".new-name")) return;
    if (event.key === "Enter" && !event.isComposing) { event.preventDefault(); named(event.target, true, true); }
    else if (event.key === "Escape") { event.stopPropagation(); named(event.target, false, true); }
  });
  element.addEventListener("focusout", (event) => { if (event.target.matches(".new-name")) named(event.target, true); });

  // On a narrow screen the list starts folded, and what stands below it is in sight; when it first comes, before it is painted.
  function fold() {
    if (innerWidth < 900 && !element.querySelector(".undo")) element.querySelector("details")?.removeAttribute("open");
  }
  const first = new MutationObserver(() => { if (element.querySelector("details")) { fold(); first.disconnect(); } });
  first.observe(element, { childList: true, subtree: true });
  watch("value", () => setTimeout(() => { fold(); search(); }));
  onAction(element, (action, data, source) => {
    if (action === "open") trigger(open, { id: data.id });
    else if (action === "new") { trigger(fresh, {}); bus.clear?.(); box()?.focus(); }
    else if (action === "delete") trigger(remove, { id: data.id });
    else if (action === "restore") trigger(restore, { id: data.id });
    else if (action === "rename") {
      const input = source.parentElement.querySelector(".new-name");
      source.parentElement.querySelector(".open").hidden = true;
      input.hidden = false;
      input.focus();
      input.select();
    }
  });
};
