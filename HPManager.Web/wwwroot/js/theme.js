// Runs before the first paint, so that a page never flashes in the other theme. "system" is kept as the absence of a choice.
(() => {
  const key = "hpmanager.theme";
  const apply = choice => {
    if (choice === "light" || choice === "dark") document.documentElement.dataset.theme = choice;
    else delete document.documentElement.dataset.theme;
    document.dispatchEvent(new CustomEvent("hp-theme"));
  };
  const read = () => {
    try { return localStorage.getItem(key) ?? "system"; } catch { return "system"; }
  };
  apply(read());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => document.dispatchEvent(new CustomEvent("hp-theme")));
  window.hpTheme = {
    current: read,
    choose(choice) {
      try { localStorage.setItem(key, choice); } catch { /* private window: the choice holds for this page */ }
      apply(choice);
    },
  };
})();
