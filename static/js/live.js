/* Beside htmx: a form in a row can be put away again; and when a row could not be saved, this says so where the person
   is, and keeps what they typed. A sign-in elsewhere makes the forms' token invalid, so they get a new one. */
(() => {
  "use strict";

  const TOKEN = document.currentScript.dataset.token;
  const REFUSED = "Not saved. The record may have changed or moved: reload the page.";
  const SIGNED_OUT = "Not saved. Sign in again in another tab, then press once more. What you typed is still here.";
  const OFFLINE = "Not saved. There is no connection. What you typed is still here: press again.";

  function say(element, words) {
    const place = element.closest("form, li, section") || document.body;
    const said = place.querySelector("[data-live-said]") || document.createElement("p");
    said.dataset.liveSaid = "";
    said.className = "live-said";
    said.setAttribute("role", "alert");
    said.textContent = words;
    place.append(said);
  }

  // A form that was fetched into its row goes again without a page load, and the focus returns to what opened it.
  document.addEventListener("click", (event) => {
    const place = event.target.closest("[data-live-cancel]") && event.target.closest(".triage__form");
    if (!place) return;
    event.preventDefault();
    place.replaceChildren();
    document.querySelector(`[hx-target="#${place.id}"]`).focus();
  });

  document.addEventListener("htmx:responseError", (event) => {
    const { status } = event.detail.xhr;
    const signedOut = status === 401 || status === 403;
    say(event.detail.elt, signedOut ? SIGNED_OUT : REFUSED);
    if (signedOut) addEventListener("focus", () => window.sending.renewToken(TOKEN), { once: true });
  });
  document.addEventListener("htmx:sendError", (event) => say(event.detail.elt, OFFLINE));
})();
