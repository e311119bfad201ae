// A dropped network heals by itself. After a restart of the server the old page cannot go on: it is opened anew as soon as the server answers.
(() => {
  const modalId = "components-reconnect-modal";

  async function reload() {
    for (;;) {
      try {
        await fetch("health/live", { cache: "no-store" });
        location.reload();
        return;
      } catch {
        await new Promise(again => setTimeout(again, 1000));
      }
    }
  }

  let reloading = false;
  new MutationObserver(() => {
    const modal = document.getElementById(modalId);
    if (reloading || !modal) return;
    if (modal.classList.contains("components-reconnect-rejected") || modal.classList.contains("components-reconnect-failed")) {
      reloading = true;
      reload();
    }
  }).observe(document.documentElement, { subtree: true, childList: true, attributes: true, attributeFilter: ["class"] });
})();
