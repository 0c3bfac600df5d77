"use strict";
// Filters the list of cases; without this script the list is whole.
(() => {
  const form = document.querySelector("form.filters");
  if (!form) return;
  const cases = [...document.querySelectorAll("details.case")];
  const shown = document.getElementById("shown");
  const apply = () => {
    const words = form.words.value.trim().toLowerCase();
    let count = 0;
    for (const one of cases) {
      const fits =
        (!form.type.value || one.dataset.type === form.type.value) &&
        (!form.outcome.value || one.dataset.outcome === form.outcome.value) &&
        (!form.state.value || one.dataset.state.split(" ").includes(form.state.value)) &&
        (!words || one.textContent.toLowerCase().includes(words));
      one.hidden = !fits;
      count += fits ? 1 : 0;
    }
    shown.textContent = `${count} / ${cases.length}`;
  };
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  apply();
})();
