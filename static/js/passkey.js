/* Asks the browser for a passkey and sends what it answers. The buttons stay hidden where a browser has no passkeys, and
   what is said there instead stays on the page. */
(() => {
  "use strict";

  if (!window.PublicKeyCredential) return;
  const PARTS = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];

  function toBytes(text) {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
  }

  function toText(bytes) {
    const plain = String.fromCharCode(...new Uint8Array(bytes));
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  function withBytes(thing) {
    return { ...thing, id: toBytes(thing.id) };
  }

  function make(options) {
    return navigator.credentials.create({
      publicKey: {
        ...options,
        challenge: toBytes(options.challenge),
        user: withBytes(options.user),
        excludeCredentials: (options.excludeCredentials || []).map(withBytes),
      },
    });
  }

  function use(options) {
    return navigator.credentials.get({
      publicKey: {
        ...options,
        challenge: toBytes(options.challenge),
        allowCredentials: (options.allowCredentials || []).map(withBytes),
      },
    });
  }

  function written(credential) {
    const parts = PARTS.filter((part) => credential.response[part]);
    return JSON.stringify({
      id: credential.id,
      rawId: toText(credential.rawId),
      type: credential.type,
      clientExtensionResults: credential.getClientExtensionResults(),
      response: Object.fromEntries(parts.map((part) => [part, toText(credential.response[part])])),
    });
  }

  async function optionsOf(form) {
    if (!form.dataset.ask) return JSON.parse(document.getElementById("passkey-options").textContent);
    const answer = await fetch(form.dataset.ask, { credentials: "same-origin" });
    return answer.json();
  }

  async function answerWithPasskey(form) {
    const { publicKey } = await optionsOf(form);
    const credential = await (form.dataset.passkey === "make" ? make(publicKey) : use(publicKey));
    form.querySelector("[name=credential]").value = written(credential);
    form.submit();
  }

  for (const words of document.querySelectorAll("[data-without-passkey]")) words.hidden = true;
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const button = form.querySelector("button");
    const state = form.querySelector("[data-state]");
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      button.disabled = true;
      state.textContent = "";
      try {
        await answerWithPasskey(form);
      } catch {
        button.disabled = false;
        state.textContent = "No passkey was used. You can try again.";
      }
    });
  }
})();
