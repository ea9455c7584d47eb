/* Keeps what is typed: a draft on the server two seconds after a change, and sending that goes on until it arrives.
   Nothing is stored in the browser. The form's hidden key makes a second arrival of the same sending harmless. */
(() => {
  "use strict";

  const { post, untilItArrives } = window.sending;
  const form = document.querySelector(".rateform");
  const state = form.querySelector("[data-state]");
  const STILL_HERE = "Your answers are still here.";
  let changes = 0;
  let kept = 0;
  let isKeeping = false;
  let isSending = false;
  let isLeaving = false;
  let timer;
  let place;

  // A link in the words may have the focus: the same words stay as they are, others give it back to the form.
  function say(words, link) {
    if (state.firstChild && state.firstChild.data === words) return;
    if (state.contains(document.activeElement) && place) place.focus({ preventScroll: true });
    state.textContent = words;
    if (!link) return;
    const anchor = document.createElement("a");
    anchor.href = link.href;
    anchor.target = "_blank";
    anchor.rel = "noopener";
    anchor.textContent = link.words;
    state.append(" ", anchor);
  }

  // Sends until an answer comes that a person must act on or be glad of, or until there is no need any more.
  function send(address, body, { signedOut, away, isOver }) {
    const how = { tokenFrom: form.dataset.token, headers: { Accept: "application/json" }, redirect: "error" };
    return untilItArrives(() => post(address, body, how), {
      isOver,
      isFinal: ({ ok, status }) => ok || (status >= 400 && status < 500 && ![401, 403, 408, 429].includes(status)),
      report: (status) => {
        if (status === 401) say(signedOut, { href: form.dataset.signIn, words: "Sign in in a new tab" });
        else say(away);
      },
    });
  }

  async function keepDraft() {
    if (isSending || isKeeping) return;
    let upTo;
    const body = () => {
      upTo = changes;
      return new FormData(form);
    };
    isKeeping = true;
    say("Saving draft");
    const answer = await send(form.dataset.draft, body, {
      signedOut: `You have been signed out. ${STILL_HERE}`,
      away: `No connection. ${STILL_HERE} Trying again.`,
      isOver: () => isSending,
    });
    isKeeping = false;
    if (isSending) return;
    if (!answer.ok) {
      say("Draft not saved");
      return;
    }
    kept = upTo;
    if (changes > kept) keepSoon();
    const { kept_at: keptAt } = await answer.json();
    if (!isSending) say(`Draft saved ${keptAt}`);
  }

  function keepSoon() {
    clearTimeout(timer);
    timer = setTimeout(keepDraft, 2000);
  }

  async function save(then) {
    const body = () => {
      const data = new FormData(form);
      data.set("then", then);
      return data;
    };
    say("Saving");
    const answer = await send(form.action, body, {
      signedOut: "You have been signed out. Sign in, and this is saved by itself.",
      away: "No connection. Keep this page open: it is sent again by itself.",
    });
    isLeaving = answer.ok || answer.status === 409 || answer.status === 422;
    if (answer.ok) location.assign((await answer.json()).next);
    else if (isLeaving) showAnswer(then);
    else {
      isSending = false;
      say(`Not saved: the account that is signed in now cannot rate this session. ${STILL_HERE}`);
    }
  }

  // The server has something to say about the answers: let the browser load its page.
  function showAnswer(then) {
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = "then";
    field.value = then;
    form.append(field);
    form.submit();
  }

  form.addEventListener("input", () => {
    changes += 1;
    keepSoon();
  });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (isSending) return;
    isSending = true;
    clearTimeout(timer);
    save(event.submitter?.value || "client");
  });

  form.addEventListener("focusin", (event) => {
    if (!state.contains(event.target)) place = event.target;
  });
  window.addEventListener("beforeunload", (event) => {
    if (!isLeaving && (isSending || changes > kept)) event.preventDefault();
  });
})();
