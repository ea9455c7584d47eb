/* Sends again at once what was kept while the session was locked. */
(function () {
  "use strict";
  HTMLFormElement.prototype.submit.call(document.querySelector("form"));
})();
