/* One question a screen, and sending that goes on until it arrives. Without this file it is one page with an ordinary
   form. Nothing is stored in the browser. */
(() => {
  "use strict";

  const { post, untilItArrives } = window.sending;
  const form = document.querySelector(".answer");
  const steps = Array.from(form.querySelectorAll(".step"));
  const stop = document.getElementById("stop");
  const state = form.querySelector("[data-state]");
  let now = 0;
  let isSending = false;

  function show(index) {
    now = index;
    steps.forEach((step, at) => {
      step.hidden = at !== index;
    });
    window.scrollTo(0, 0);
    steps[index].querySelector(".step__title").focus({ preventScroll: true });
  }

  // The phone's own Back leads one question back, too.
  function goTo(index) {
    history.pushState({ step: index }, "");
    show(index);
  }

  function next() {
    goTo(now + 1);
  }

  function skip() {
    for (const input of steps[now].querySelectorAll("input")) input.checked = false;
    next();
  }

  function isQuestion(step) {
    return step.querySelector("[data-skip]") !== null;
  }

  form.addEventListener("click", (event) => {
    const control = event.target.closest("[data-next], [data-back], [data-skip], [data-stop]");
    if (!control) return;
    event.preventDefault();
    if ("next" in control.dataset) next();
    else if ("back" in control.dataset) history.back();
    else if ("skip" in control.dataset) skip();
    else goTo(steps.indexOf(stop));
  });

  form.addEventListener("keydown", (event) => {
    const step = steps[now];
    if (!isQuestion(step) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" && event.target.type === "radio") {
      event.preventDefault();
      next();
    } else if (/^[1-7]$/.test(event.key)) {
      event.preventDefault();
      const point = step.querySelector(`input[value="${event.key}"]`);
      point.checked = true;
      point.focus();
    }
  });

  window.addEventListener("popstate", (event) => show(event.state ? event.state.step : 0));

  function isAnswered() {
    return steps.filter(isQuestion).some((step) => step.querySelector("input:checked"));
  }

  function isThanks(answer) {
    return answer.type === "opaqueredirect";
  }

  async function send() {
    const how = { tokenFrom: location.href, redirect: "manual" };
    const answer = await untilItArrives(() => post(location.href, () => new FormData(form), how), {
      isFinal: (answer) => isThanks(answer) || (answer.status !== 0 && answer.status < 500),
      report: () => {
        state.textContent = "No connection. Your answers are still here, and are sent again by themselves.";
      },
    });
    if (isThanks(answer)) location.replace(form.dataset.thanks);
    else form.submit(); // the server has something to say: let the browser load its page
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (isSending) return;
    if (!isAnswered()) {
      state.textContent = "Please answer at least one of the questions. To leave, press Stop.";
      return;
    }
    isSending = true;
    state.textContent = "Sending";
    send();
  });

  form.classList.add("is-stepwise");
  for (const part of form.querySelectorAll("[data-next], [data-back], [data-turns]")) part.hidden = false;
  history.replaceState({ step: 0 }, "");
  show(0);
})();
