/* A page that the browser kept whole is asked for again: who may see it may have changed meanwhile. */
(() => {
  "use strict";

  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
})();
