/* A page that the browser kept whole is asked for again: who may see it may have changed meanwhile. */
window.addEventListener("pageshow", function (event) {
  "use strict";
  if (event.persisted) location.reload();
});
