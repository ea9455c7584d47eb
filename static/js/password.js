/* Gives each password field a button that shows what was typed. */
(function () {
  "use strict";
  function addButton(input) {
    var box = document.createElement("div");
    var button = document.createElement("button");
    box.className = "with-button";
    button.type = "button";
    button.className = "btn btn-text btn-sm";
    input.replaceWith(box);
    box.append(input, button);

    function show(shown) {
      input.type = shown ? "text" : "password";
      button.textContent = shown ? "Hide" : "Show";
      button.setAttribute("aria-label", shown ? "Hide password" : "Show password");
    }
    button.addEventListener("click", function () { show(input.type === "password"); });
    input.form.addEventListener("submit", function () { show(false); });
    show(false);
  }
  document.querySelectorAll('input[type="password"]').forEach(addButton);
})();
