/* Runs in the head, before the first paint: the chosen theme, or the system's. The choice is kept in a cookie. */
(function () {
  "use strict";
  var page = document.documentElement;
  var system = window.matchMedia("(prefers-color-scheme: dark)");

  function chosen() {
    var found = document.cookie.match(/(?:^|; )theme=(light|dark)(?:;|$)/);
    return found && found[1];
  }
  function apply() {
    page.dataset.bsTheme = chosen() || (system.matches ? "dark" : "light");
    document.querySelectorAll("[data-theme-toggle]").forEach(function (button) {
      button.setAttribute("aria-pressed", String(page.dataset.bsTheme === "dark"));
    });
  }
  function keep(theme) {
    var secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = "theme=" + theme + "; Path=/; Max-Age=31536000; SameSite=Lax" + secure;
  }

  apply();
  system.addEventListener("change", apply);
  document.addEventListener("DOMContentLoaded", apply);
  document.addEventListener("click", function (event) {
    if (!event.target.closest("[data-theme-toggle]")) return;
    keep(page.dataset.bsTheme === "dark" ? "light" : "dark");
    apply();
  });
})();
