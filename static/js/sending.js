/* Sending that goes on until it arrives, for every form whose answers must not be lost. Pages load this before the
   scripts that use it. */
(() => {
  "use strict";

  const WAITS = [2000, 4000, 8000, 15000];
  const waiting = [];

  function wait(tries) {
    return new Promise((resolve) => {
      waiting.push(resolve);
      setTimeout(resolve, WAITS[Math.min(tries, WAITS.length - 1)]);
    });
  }

  // Nobody waits longer than needed once the network or the person is back.
  function wake() {
    for (const resolve of waiting.splice(0)) resolve();
  }

  // What answers with a token is either the service's address for it, or the page of a form that has one.
  async function tokenIn(answer) {
    const text = await answer.text();
    if (answer.headers.get("Content-Type")?.startsWith("application/json")) return JSON.parse(text).csrf;
    const page = new DOMParser().parseFromString(text, "text/html");
    return page.querySelector("[name=csrfmiddlewaretoken]")?.value;
  }

  // A new sign-in or lost cookies make the token of the forms on this page invalid: give them a new one.
  async function renewToken(address) {
    const answer = await fetch(address, { headers: { Accept: "application/json" }, credentials: "same-origin" });
    const token = answer.ok && (await tokenIn(answer));
    if (token) {
      for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
    }
    return answer;
  }

  // Posts what `body` returns; where the token is refused, once more with a new one. Status 0 is no connection.
  async function post(address, body, { tokenFrom, ...options }) {
    const attempt = () => fetch(address, { ...options, method: "POST", body: body(), credentials: "same-origin" });
    try {
      const answer = await attempt();
      if (answer.status !== 403) return answer;
      const renewal = await renewToken(tokenFrom);
      return renewal.ok ? await attempt() : renewal;
    } catch {
      return { status: 0, ok: false };
    }
  }

  // Repeats `attempt` until its answer is final or there is no need any more; `report` hears of each failure.
  async function untilItArrives(attempt, { isFinal, report, isOver = () => false }) {
    for (let tries = 0; !isOver(); tries += 1) {
      const answer = await attempt();
      if (isFinal(answer)) return answer;
      if (!isOver()) report(answer.status);
      await wait(tries);
    }
    return { status: 0, ok: false };
  }

  addEventListener("online", wake);
  addEventListener("focus", wake);
  window.sending = { post, renewToken, untilItArrives };
})();
