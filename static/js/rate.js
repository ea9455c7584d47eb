/* The rating form by keyboard and by thumb. Without this file it is an ordinary form. */
(() => {
  "use strict";

  const form = document.querySelector(".rateform");
  const rows = Array.from(form.querySelectorAll(".rate"));
  const pips = form.querySelector("[data-pips]");
  const count = form.querySelector("[data-count]");
  const afterRows = form.querySelector("[name=strain], [name=note]");
  const phone = window.matchMedia("(max-width: 767.98px)");
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");

  function chosen(row) {
    return row.querySelector("input:checked");
  }

  function stateOf(row) {
    const answer = chosen(row);
    if (!answer) return row.classList.contains("has-error") ? "err" : "";
    return answer.value === "na" ? "na" : "on";
  }

  function paint() {
    rows.forEach((row, index) => {
      pips.children[index].className = stateOf(row);
    });
    count.textContent = `${rows.filter(chosen).length} of ${rows.length}`;
  }

  function settle(row) {
    row.classList.remove("has-error");
    row.removeAttribute("aria-invalid");
    row.querySelector(".err-line")?.remove();
  }

  function goTo(row) {
    const next = row ? chosen(row) || row.querySelector("input") : afterRows;
    next.focus();
  }

  function choose(row, value) {
    row.querySelector(`input[value="${value}"]`).click();
    goTo(rows[rows.indexOf(row) + 1]);
  }

  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit(form.querySelector('[name="then"][value="next"]'));
      return;
    }
    const row = event.target.closest(".rate");
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!/^[0-7]$/.test(event.key)) return;
    event.preventDefault();
    choose(row, event.key === "0" ? "na" : event.key);
  });

  // After a tap the page moves by one row, so that the thumb stays where it is.
  let wasTapped = false;
  form.addEventListener("pointerdown", (event) => {
    wasTapped = event.pointerType === "touch";
  });
  form.addEventListener("change", (event) => {
    const row = event.target.closest(".rate");
    if (row) settle(row);
    paint();
    if (!row || !wasTapped || !phone.matches) return;
    wasTapped = false;
    const next = rows[rows.indexOf(row) + 1];
    if (next && !chosen(next)) {
      const step = next.getBoundingClientRect().top - row.getBoundingClientRect().top;
      window.scrollBy({ top: step, behavior: calm.matches ? "instant" : "smooth" });
    }
  });

  for (const button of form.querySelectorAll(".help-btn")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const help = document.getElementById(button.getAttribute("aria-controls"));
      help.hidden = !help.hidden;
      button.setAttribute("aria-expanded", String(!help.hidden));
    });
  }

  pips.append(...rows.map(() => document.createElement("i")));
  paint();
  const summary = document.getElementById("errors");
  if (summary) summary.focus();
  else goTo(rows.find((row) => !chosen(row)));
})();
