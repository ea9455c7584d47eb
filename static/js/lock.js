/* Clears the screen of a session that has locked. It asks in a way that keeps no session open, and leaves alone what
   somebody is typing into a form, but for a search. */
(function () {
  "use strict";
  var MINUTE = 60000;
  var address = document.body.dataset.token;
  var last = Date.now(), typed = false;
  if (!address) return;

  ["pointerdown", "keydown", "scroll"].forEach(function (act) {
    window.addEventListener(act, function () { last = Date.now(); }, { passive: true });
  });
  document.addEventListener("input", function (event) {
    if (event.target.closest("main form[method=post]")) typed = true;
  });

  setInterval(function () {
    if (typed || Date.now() - last < 15 * MINUTE) return;
    fetch(address, { headers: { Accept: "application/json" }, credentials: "same-origin" }).then(function (answer) {
      if (answer.status === 401) location.reload();
    }).catch(function () { /* no network: ask again in a minute */ });
  }, MINUTE);
})();
