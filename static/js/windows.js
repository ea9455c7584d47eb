/* When a device is handed over, its other windows leave what they show, and lead to the client's form too. The page
   that the client sees says so; the pages of staff listen. */
(() => {
  "use strict";

  if (!("BroadcastChannel" in window)) return;
  const windows = new BroadcastChannel("handed-over");
  if ("tell" in document.currentScript.dataset) {
    windows.postMessage("");
    return;
  }
  windows.addEventListener("message", () => {
    document.documentElement.hidden = true;
    location.replace("/");
  });
})();
