/* Keeps what is typed: a draft on the server two seconds after a change, and sending that goes on until it arrives.
   Nothing is stored in the browser. The form's hidden key makes a second arrival of the same sending harmless. */
(function () {
  "use strict";
  var form = document.querySelector(".rateform");
  var state = form.querySelector("[data-state]");
  var WAITS = [2000, 4000, 8000, 15000];
  var STILL_HERE = " Your answers are still here.";
  var changes = 0, kept = 0, keeping = false, sending = false, leaving = false, waiting = [], timer, place;

  /* A link in the words may have the focus: the same words stay as they are, others give it back to the form. */
  function say(words, link) {
    if (state.firstChild && state.firstChild.data === words) return;
    if (state.contains(document.activeElement) && place) place.focus({ preventScroll: true });
    state.textContent = words;
    if (!link) return;
    var anchor = document.createElement("a");
    anchor.href = link.href;
    anchor.target = "_blank";
    anchor.rel = "noopener";
    anchor.textContent = link.words;
    state.append(" ", anchor);
  }

  function wait(tries) {
    return new Promise(function (resolve) {
      waiting.push(resolve);
      setTimeout(resolve, WAITS[Math.min(tries, WAITS.length - 1)]);
    });
  }

  /* Nobody waits longer than needed once the network or the person is back. */
  function wake() { waiting.splice(0).forEach(function (resolve) { resolve(); }); }

  function ask(address, body) {
    return fetch(address, {
      method: body ? "POST" : "GET",
      body: body,
      headers: { Accept: "application/json" },
      credentials: "same-origin",
      redirect: "error",
    });
  }

  /* A new sign-in brings a new token: the form takes it over and asks once more. */
  function askWithToken(address, body) {
    return ask(address, body()).then(function (answer) {
      if (answer.status !== 403) return answer;
      return ask(form.dataset.token).then(function (found) {
        return found.ok ? found.json().then(takeOver).then(function () { return ask(address, body()); }) : found;
      });
    }).catch(function () { return { status: 0 }; });
  }

  function takeOver(found) {
    document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach(function (field) { field.value = found.csrf; });
  }

  /* Sends until an answer comes that a person must act on or be glad of, or until there is no need any more. */
  function send(address, body, words, isOver) {
    function attempt(tries) {
      if (isOver()) return { status: 0 };
      return askWithToken(address, body).then(function (answer) {
        if (answer.ok || isVerdict(answer.status)) return answer;
        if (!isOver()) report(answer.status, words);
        return wait(tries).then(function () { return attempt(tries + 1); });
      });
    }
    return attempt(0);
  }

  function report(status, words) {
    if (status === 401) say(words.signedOut, { href: form.dataset.signIn, words: "Sign in in a new tab" });
    else say(words.away);
  }

  function isVerdict(status) { return status >= 400 && status < 500 && ![401, 403, 408, 429].includes(status); }

  function keepDraft() {
    if (sending || keeping) return;
    var upTo;
    keeping = true;
    say("Saving draft");
    send(form.dataset.draft, function () {
      upTo = changes;
      return new FormData(form);
    }, {
      signedOut: "You have been signed out." + STILL_HERE,
      away: "No connection." + STILL_HERE + " Trying again.",
    }, function () { return sending; }).then(function (answer) {
      keeping = false;
      if (sending) return;
      if (!answer.ok) return say("Draft not saved");
      kept = upTo;
      if (changes > kept) keepSoon();
      return answer.json().then(function (found) { if (!sending) say("Draft saved " + found.kept_at); });
    });
  }

  function keepSoon() {
    clearTimeout(timer);
    timer = setTimeout(keepDraft, 2000);
  }

  form.addEventListener("input", function () {
    changes += 1;
    keepSoon();
  });

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    if (sending) return;
    sending = true;
    clearTimeout(timer);
    var then = (event.submitter && event.submitter.value) || "client";
    say("Saving");
    send(form.action, function () {
      var data = new FormData(form);
      data.set("then", then);
      return data;
    }, {
      signedOut: "You have been signed out. Sign in, and this is saved by itself.",
      away: "No connection. Keep this page open: it is sent again by itself.",
    }, function () { return false; }).then(function (answer) { settle(answer, then); });
  });

  function settle(answer, then) {
    leaving = answer.ok || answer.status === 409 || answer.status === 422;
    if (answer.ok) return answer.json().then(function (found) { location.assign(found.next); });
    if (leaving) return show(then);
    sending = false;
    say("Not saved: the account that is signed in now cannot rate this session." + STILL_HERE);
  }

  /* The server has something to say about the answers: let the browser load its page. */
  function show(then) {
    var field = document.createElement("input");
    field.type = "hidden";
    field.name = "then";
    field.value = then;
    form.append(field);
    form.submit();
  }

  form.addEventListener("focusin", function (event) { if (!state.contains(event.target)) place = event.target; });
  window.addEventListener("online", wake);
  window.addEventListener("focus", wake);
  window.addEventListener("beforeunload", function (event) {
    if (!leaving && (sending || changes > kept)) event.preventDefault();
  });
})();
