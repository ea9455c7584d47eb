/* One question a screen, and sending that goes on until it arrives. Without this file it is one page with an ordinary
   form. Nothing is stored in the browser. */
(function () {
  "use strict";
  var form = document.querySelector(".answer");
  var steps = Array.from(form.querySelectorAll(".step"));
  var stop = document.getElementById("stop");
  var state = form.querySelector("[data-state]");
  var WAITS = [2000, 4000, 8000, 15000];
  var now = 0, sending = false;

  function show(index) {
    now = index;
    steps.forEach(function (step, at) { step.hidden = at !== index; });
    window.scrollTo(0, 0);
    steps[index].querySelector(".step__title").focus({ preventScroll: true });
  }

  /* The phone's own Back leads one question back, too. */
  function goTo(index) {
    history.pushState({ step: index }, "");
    show(index);
  }

  function next() { goTo(now + 1); }

  function skip() {
    steps[now].querySelectorAll("input").forEach(function (input) { input.checked = false; });
    next();
  }

  function isQuestion(step) { return step.querySelector("[data-skip]") !== null; }

  form.addEventListener("click", function (event) {
    var control = event.target.closest("[data-next], [data-back], [data-skip], [data-stop]");
    if (!control) return;
    event.preventDefault();
    if ("next" in control.dataset) next();
    else if ("back" in control.dataset) history.back();
    else if ("skip" in control.dataset) skip();
    else goTo(steps.indexOf(stop));
  });

  form.addEventListener("keydown", function (event) {
    var step = steps[now];
    if (!isQuestion(step) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" && event.target.type === "radio") {
      event.preventDefault();
      next();
    } else if (/^[1-7]$/.test(event.key)) {
      event.preventDefault();
      var point = step.querySelector('input[value="' + event.key + '"]');
      point.checked = true;
      point.focus();
    }
  });

  window.addEventListener("popstate", function (event) { show(event.state ? event.state.step : 0); });

  function isAnswered() {
    return steps.filter(isQuestion).some(function (step) { return step.querySelector("input:checked"); });
  }

  /* 0: no connection. A redirect is the thank-you. */
  function send() {
    var how = { method: "POST", body: new FormData(form), credentials: "same-origin", redirect: "manual" };
    return fetch(location.href, how)
      .then(function (answer) { return answer.type === "opaqueredirect" ? 302 : answer.status; })
      .catch(function () { return 0; });
  }

  /* The page of this form has a new token where the old one has run out. */
  function renewToken() {
    return fetch(location.href, { credentials: "same-origin" })
      .then(function (answer) { return answer.text(); })
      .then(function (text) {
        var fresh = new DOMParser().parseFromString(text, "text/html").querySelector("[name=csrfmiddlewaretoken]");
        if (fresh) form.querySelector("[name=csrfmiddlewaretoken]").value = fresh.value;
      })
      .catch(function () {});
  }

  function sendWithToken() {
    return send().then(function (status) { return status === 403 ? renewToken().then(send) : status; });
  }

  function sendUntilItArrives(tries) {
    sendWithToken().then(function (status) {
      if (status === 302) return location.replace(form.dataset.thanks);
      if (status !== 0 && status < 500) return form.submit();
      state.textContent = "No connection. Your answers are still here, and are sent again by themselves.";
      setTimeout(function () { sendUntilItArrives(tries + 1); }, WAITS[Math.min(tries, WAITS.length - 1)]);
    });
  }

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    if (sending) return;
    if (!isAnswered()) {
      state.textContent = "Please answer at least one of the questions. To leave, press Stop.";
      return;
    }
    sending = true;
    state.textContent = "Sending";
    sendUntilItArrives(0);
  });

  form.classList.add("is-stepwise");
  form.querySelectorAll("[data-next], [data-back], [data-turns]").forEach(function (part) { part.hidden = false; });
  history.replaceState({ step: 0 }, "");
  show(0);
})();
