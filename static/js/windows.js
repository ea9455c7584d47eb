/* When a device is handed over, its other windows leave what they show, and lead to the client's form too. The page
   that the client sees says so; the pages of staff listen. */
(function () {
  "use strict";
  if (!("BroadcastChannel" in window)) return;
  var windows = new BroadcastChannel("handed-over");
  if ("tell" in document.currentScript.dataset) return windows.postMessage("");
  windows.addEventListener("message", function () {
    document.documentElement.hidden = true;
    location.replace("/");
  });
})();
