/* Clears the screen of a session that has locked. It asks in a way that keeps no session open, and leaves alone what
   somebody is typing into a form, but for a search. */
(() => {
  "use strict";

  const MINUTE = 60000;
  const address = document.body.dataset.token;
  let last = Date.now();
  let hasTyped = false;
  if (!address) return;

  async function leaveIfLocked() {
    if (hasTyped || Date.now() - last < 15 * MINUTE) return;
    try {
      const answer = await fetch(address, { headers: { Accept: "application/json" }, credentials: "same-origin" });
      if (answer.status === 401) location.reload();
    } catch {
      // no network: ask again in a minute
    }
  }

  for (const act of ["pointerdown", "keydown", "scroll"]) {
    window.addEventListener(
      act,
      () => {
        last = Date.now();
      },
      { passive: true },
    );
  }
  document.addEventListener("input", (event) => {
    if (event.target.closest("main form[method=post]")) hasTyped = true;
  });

  setInterval(leaveIfLocked, MINUTE);
})();
