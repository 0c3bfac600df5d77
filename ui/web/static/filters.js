// The filters beside the question: they live on the page, and go with each question.
window.jupilu.filters = (element, watch) => {
  const chosen = { company: "", label: "", as_of: "", year: "" };
  const row = () => element.querySelector(".filters");
  const part = (selector) => element.querySelector(selector);
  let choices = [], offered = [], at = 0;

  const plain = (text) => text.normalize("NFKC").toLowerCase().replace(/\s+/g, "");
  const fill = (text, name, value) => text.replace(`{${name}}`, value);

  function chips() {
    // An empty date field speaks the browser's language: until it is used the page's own words cover it.
    part("#as-of input").classList.toggle("empty", !chosen.as_of);
    const active = [["company", chosen.label], ["as_of", chosen.as_of && `${row().dataset.asOf} ${chosen.as_of}`],
      ["year", chosen.year && part(`#year option[value="${chosen.year}"]`)?.textContent]].filter(([, text]) => text);
    part(".chips").replaceChildren(...active.map(([name, text]) => {
      const chip = document.createElement("button");
      chip.type = "button"; chip.dataset.remove = name;
      chip.textContent = `${text} ✕`;
      chip.setAttribute("aria-label", fill(row().dataset.remove, "what", text));
      return chip;
    }));
  }

  function offer(typed) {
    const list = part("[role=listbox]"), input = part("[role=combobox]"), sought = plain(typed);
    offered = choices.filter(([, , words]) => plain(words).includes(sought));
    // What begins so comes before what holds it somewhere.
    offered.sort((a, b) => Number(!plain(a[2]).startsWith(sought)) - Number(!plain(b[2]).startsWith(sought)));
    at = 0;
    list.replaceChildren(...offered.map(([, label], index) => {
      const option = document.createElement("li");
      option.setAttribute("role", "option"); option.id = `company-option-${index}`; option.textContent = label;
      return option;
    }));
    list.hidden = !offered.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    mark();
    unknown(sought && !offered.length ? typed : "");
  }

  function mark() {
    const options = [...element.querySelectorAll("[role=option]")], input = part("[role=combobox]");
    options.forEach((option, index) => option.setAttribute("aria-selected", String(index === at)));
    options[at]?.scrollIntoView({ block: "nearest" });
    if (options[at]) input.setAttribute("aria-activedescendant", options[at].id);
    else input.removeAttribute("aria-activedescendant");
  }

  function unknown(typed) {
    const note = part(".unknown");
    note.hidden = !typed;
    note.textContent = typed ? fill(row().dataset.none, "typed", typed) : "";
  }

  function close() {
    part("[role=listbox]").hidden = true;
    part("[role=combobox]").setAttribute("aria-expanded", "false");
  }

  function choose(choice) {
    [chosen.company, chosen.label] = choice || ["", ""];
    part("[role=combobox]").value = "";
    unknown("");
    close();
    chips();
  }

  // What is typed and left: taken where it can mean one company alone, else told and dropped.
  function settle() {
    const input = part("[role=combobox]"), typed = input.value.trim();
    if (!typed) return close();
    const exact = offered.filter(([value, label, words]) =>
      [value, ...label.split(" "), ...words.split(" ")].some((word) => plain(word) === plain(typed)));
    const only = exact.length === 1 ? exact[0] : offered.length === 1 ? offered[0] : null;
    if (only) return choose(only);
    input.value = "";
    close();
    unknown(typed);
  }

  element.addEventListener("input", (event) => {
    if (event.target.matches("[role=combobox]")) offer(event.target.value);
    else if (event.target.closest("#as-of")) { chosen.as_of = event.target.value; chips(); }
    else if (event.target.closest("#year")) { chosen.year = event.target.value; chips(); }
  });
  element.addEventListener("focusin", (event) => { if (event.target.matches("[role=combobox]")) offer(event.target.value); });
  element.addEventListener("focusout", (event) => { if (event.target.matches("[role=combobox]")) settle(); });
  element.addEventListener("mousedown", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) { event.preventDefault(); choose(offered[[...option.parentElement.children].indexOf(option)]); }
  });
  element.addEventListener("keydown", (event) => {
    if (!event.target.matches("[role=combobox]")) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (part("[role=listbox]").hidden) return offer(event.target.value);
      at = (at + (event.key === "ArrowDown" ? 1 : offered.length - 1)) % Math.max(1, offered.length);
      mark();
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (event.target.value.trim() && offered[at]) choose(offered[at]);
      else settle();
    } else if (event.key === "Escape") { event.target.value = ""; unknown(""); close(); }
  });
  element.addEventListener("click", (event) => {
    const name = event.target.closest("[data-remove]")?.dataset.remove;
    if (!name) return;
    if (name === "company") choose(null);
    else { chosen[name] = ""; part(name === "as_of" ? "#as-of input" : "#year select").value = ""; chips(); }
  });

  const bus = window.jupilu.bus;
  bus.filters = () => JSON.stringify({ company: chosen.company, as_of: chosen.as_of, year: chosen.year,
    model: bus.model?.() ?? "", at: performance.now() });
  bus.choose = (value) => choose(choices.find(([own]) => own === value));
  bus.clear = () => {
    chosen.as_of = chosen.year = "";
    part("#as-of input").value = ""; part("#year select").value = "";
    choose(null);
  };
  watch("value", () => {
    if (!row()) return;
    choices = JSON.parse(row().dataset.choices);
    part("#year select").value = chosen.year;
    chips();
    bus.modelDrawn?.();
  });
};
