/* The rating form by keyboard and by thumb. Without this file it is an ordinary form. */
(function () {
  "use strict";
  var form = document.querySelector(".rateform");
  var rows = Array.from(form.querySelectorAll(".rate"));
  var pips = form.querySelector("[data-pips]");
  var count = form.querySelector("[data-count]");
  var afterRows = form.querySelector("[name=strain], [name=note]");
  var phone = window.matchMedia("(max-width: 767.98px)");
  var calm = window.matchMedia("(prefers-reduced-motion: reduce)");

  function chosen(row) { return row.querySelector("input:checked"); }

  function paint() {
    var answered = 0;
    rows.forEach(function (row, index) {
      var answer = chosen(row);
      if (answer) answered += 1;
      var state = !answer ? (row.classList.contains("has-error") ? "err" : "") : answer.value === "na" ? "na" : "on";
      pips.children[index].className = state;
    });
    count.textContent = answered + " of " + rows.length;
  }

  function settle(row) {
    row.classList.remove("has-error");
    row.removeAttribute("aria-invalid");
    var error = row.querySelector(".err-line");
    if (error) error.remove();
  }

  function goTo(row) {
    var next = row ? chosen(row) || row.querySelector("input") : afterRows;
    next.focus();
  }

  function choose(row, value) {
    row.querySelector('input[value="' + value + '"]').click();
    goTo(rows[rows.indexOf(row) + 1]);
  }

  form.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit(form.querySelector('[name="then"][value="next"]'));
      return;
    }
    var row = event.target.closest(".rate");
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!/^[0-7]$/.test(event.key)) return;
    event.preventDefault();
    choose(row, event.key === "0" ? "na" : event.key);
  });

  /* After a tap the page moves by one row, so that the thumb stays where it is. */
  var tapped = false;
  form.addEventListener("pointerdown", function (event) { tapped = event.pointerType === "touch"; });
  form.addEventListener("change", function (event) {
    var row = event.target.closest(".rate");
    if (row) settle(row);
    paint();
    if (!row || !tapped || !phone.matches) return;
    tapped = false;
    var next = rows[rows.indexOf(row) + 1];
    if (next && !chosen(next)) {
      var step = next.getBoundingClientRect().top - row.getBoundingClientRect().top;
      window.scrollBy({ top: step, behavior: calm.matches ? "instant" : "smooth" });
    }
  });

  form.querySelectorAll(".help-btn").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      var help = document.getElementById(button.getAttribute("aria-controls"));
      help.hidden = !help.hidden;
      button.setAttribute("aria-expanded", String(!help.hidden));
    });
  });

  rows.forEach(function () { pips.appendChild(document.createElement("i")); });
  paint();
  var summary = document.getElementById("errors");
  if (summary) summary.focus();
  else goTo(rows.find(function (row) { return !chosen(row); }));
})();
