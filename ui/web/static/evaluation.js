// The evaluation tab: starts and stops a run, and asks a case that failed in a conversation of its own.
window.jupilu.evaluation = (element, trigger, events) => {
  const [start, halt] = events, { bus, onAction } = window.jupilu;
  onAction(element, (action, data, source) => {
    if (action === "start") {
      source.disabled = true;
      trigger(start, {
        source: element.querySelector("input[name=cases]:checked")?.value ?? "",
        count: element.querySelector("#case-count")?.value ?? "",
      });
    } else if (action === "halt") { source.disabled = true; trigger(halt, {}); }
    else if (action === "ask-case") {
      document.querySelector("[role=tab]")?.click();
      bus.askAnew?.(data.question, { company: data.company, as_of: data.day, year: "", at: performance.now() });
    }
  });
};
