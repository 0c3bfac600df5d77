// What writes the answers: chosen for each conversation, its state asked for while it changes.
(() => {
  const { bus } = window.jupilu, chosen = new Map();
  const select = () => document.querySelector("#model-chosen");
  const shown = () => new URLSearchParams(location.search).get("c") || "";
  let asking = 0;

  bus.model = () => chosen.get(shown()) ?? "";

  // The thread was drawn: the choice of its conversation stands beside the question.
  bus.writes = (conversation, stored) => {
    if (conversation && chosen.has("")) { chosen.set(conversation, chosen.get("")); chosen.delete(""); }
    if (!chosen.has(conversation) && stored) chosen.set(conversation, stored);
    settle();
    if (document.querySelector(".turn.pending") && select()?.options.length > 1) follow();
  };

  function settle() {
    const field = document.querySelector("#model");
    if (!field) return;
    const wanted = chosen.get(shown()) || field.dataset.default, options = [...select().options];
    const fits = options.find((option) => option.value === wanted && !option.disabled) ?? options[0];
    if (select().value !== fits.value) { select().value = fits.value; follow(); }
  }
  bus.settleModel = settle;

  async function tell() {
    const field = document.querySelector("#model"), line = document.querySelector("#model-state");
    if (!field || !line) return false;
    const answer = await fetch(`jupilu/models?language=${field.dataset.language}`);
    if (!answer.ok) return false;
    const { models, unable } = await answer.json();
    for (const option of select().options) option.disabled = !models[option.value]?.able;
    const one = models[select().value], words = `${one?.told ?? ""}${unable}`;
    if (line.textContent !== words) line.textContent = words;
    line.dataset.state = one?.state ?? "";
    return Object.values(models).some(({ state }) => state === "verifying") || Boolean(document.querySelector(".turn.pending"));
  }

  // Asked again each second for as long as something changes.
  async function follow() {
    const mine = ++asking;
    while (mine === asking) {
      let goes = false;
      try { goes = await tell(); } catch { return; }
      if (!goes) return;
      await new Promise((resolve) => { setTimeout(resolve, 1000); });
    }
  }

  document.addEventListener("change", (event) => {
    if (event.target !== select()) return;
    chosen.set(shown(), select().value);
    follow();
  });
  bus.modelDrawn = () => { settle(); if (select()?.options.length > 1) follow(); };
})();
