/* Runs in the head, before the first paint: the chosen theme, or the system's. The choice is kept in a cookie. */
(() => {
  "use strict";

  const page = document.documentElement;
  const system = window.matchMedia("(prefers-color-scheme: dark)");

  function chosen() {
    const found = document.cookie.match(/(?:^|; )theme=(light|dark)(?:;|$)/);
    return found?.[1];
  }

  function apply() {
    page.dataset.bsTheme = chosen() || (system.matches ? "dark" : "light");
    for (const button of document.querySelectorAll("[data-theme-toggle]")) {
      button.setAttribute("aria-pressed", String(page.dataset.bsTheme === "dark"));
    }
  }

  function keep(theme) {
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `theme=${theme}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
  }

  apply();
  system.addEventListener("change", apply);
  document.addEventListener("DOMContentLoaded", apply);
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-theme-toggle]")) return;
    keep(page.dataset.bsTheme === "dark" ? "light" : "dark");
    apply();
  });
})();
