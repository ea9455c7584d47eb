/* Asks the browser for a passkey and sends what it answers. The buttons stay hidden where a browser has no passkeys, and
   what is said there instead stays on the page. */
(function () {
  "use strict";
  if (!window.PublicKeyCredential) return;
  var PARTS = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];

  function toBytes(text) {
    var plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, function (letter) { return letter.charCodeAt(0); });
  }

  function toText(bytes) {
    var plain = String.fromCharCode.apply(null, new Uint8Array(bytes));
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  function withBytes(thing) { return Object.assign({}, thing, { id: toBytes(thing.id) }); }

  function make(options) {
    return navigator.credentials.create({
      publicKey: Object.assign({}, options, {
        challenge: toBytes(options.challenge),
        user: withBytes(options.user),
        excludeCredentials: (options.excludeCredentials || []).map(withBytes),
      }),
    });
  }

  function use(options) {
    return navigator.credentials.get({
      publicKey: Object.assign({}, options, {
        challenge: toBytes(options.challenge),
        allowCredentials: (options.allowCredentials || []).map(withBytes),
      }),
    });
  }

  function written(credential) {
    var response = {};
    PARTS.forEach(function (part) {
      if (credential.response[part]) response[part] = toText(credential.response[part]);
    });
    return JSON.stringify({
      id: credential.id,
      rawId: toText(credential.rawId),
      type: credential.type,
      clientExtensionResults: credential.getClientExtensionResults(),
      response: response,
    });
  }

  function optionsOf(form) {
    if (!form.dataset.ask) return Promise.resolve(JSON.parse(document.getElementById("passkey-options").textContent));
    return fetch(form.dataset.ask, { credentials: "same-origin" }).then(function (answer) { return answer.json(); });
  }

  document.querySelectorAll("[data-without-passkey]").forEach(function (said) { said.hidden = true; });
  document.querySelectorAll("form[data-passkey]").forEach(function (form) {
    var button = form.querySelector("button");
    var state = form.querySelector("[data-state]");
    form.hidden = false;
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      button.disabled = true;
      state.textContent = "";
      optionsOf(form).then(function (found) {
        return form.dataset.passkey === "make" ? make(found.publicKey) : use(found.publicKey);
      }).then(function (credential) {
        form.querySelector("[name=credential]").value = written(credential);
        form.submit();
      }).catch(function () {
        button.disabled = false;
        state.textContent = "No passkey was used. You can try again.";
      });
    });
  });
})();
