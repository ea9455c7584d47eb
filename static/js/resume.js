/* Sends again at once what was kept while the session was locked. */
(() => {
  "use strict";

  HTMLFormElement.prototype.submit.call(document.querySelector("form"));
})();
