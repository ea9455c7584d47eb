/* Gives each password field a button that shows what was typed. */
(() => {
  "use strict";

  function addButton(input) {
    const box = document.createElement("div");
    const button = document.createElement("button");
    box.className = "with-button";
    button.type = "button";
    button.className = "btn btn-text btn-sm";
    input.replaceWith(box);
    box.append(input, button);

    function show(isShown) {
      input.type = isShown ? "text" : "password";
      button.textContent = isShown ? "Hide" : "Show";
      button.setAttribute("aria-label", isShown ? "Hide password" : "Show password");
    }
    button.addEventListener("click", () => show(input.type === "password"));
    input.form.addEventListener("submit", () => show(false));
    show(false);
  }

  for (const input of document.querySelectorAll('input[type="password"]')) addButton(input);
})();
