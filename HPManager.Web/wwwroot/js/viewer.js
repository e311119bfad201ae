// What only the browser knows: the viewer's time zone; and the ages that grow between two renderings.

export function zone() {
  return Intl.DateTimeFormat().resolvedOptions().timeZone ?? "UTC";
}

export function keep(key, text) {
  try { text === null ? sessionStorage.removeItem(key) : sessionStorage.setItem(key, text); } catch { /* nothing is kept in a private window */ }
}

export function recall(key) {
  try { return sessionStorage.getItem(key); } catch { return null; }
}

/** Copies a field's text; over plain http, where the clipboard is closed, the old way. */
export async function copy(id) {
  const field = document.getElementById(id);
  field.select();
  try {
    if (navigator.clipboard) await navigator.clipboard.writeText(field.value);
    else return document.execCommand("copy");
    return true;
  } catch { return false; }
}

const units = [[86400, "d"], [3600, "h"], [60, "min"], [0, "s"]];

/**
 * <hp-age of="…" seconds="12">12 s ago</hp-age>: the server gives the age at rendering; the browser lets it grow, whatever its clock says. Two readings are
 * often equally old when they arrive: "of" tells them apart.
 */
class Age extends HTMLElement {
  static observedAttributes = ["of", "seconds"];
  #root = this.attachShadow({ mode: "open" });
  #since = performance.now();

  connectedCallback() {
    Age.all.add(this);
    this.show();
  }

  disconnectedCallback() {
    Age.all.delete(this);
  }

  attributeChangedCallback() {
    this.#since = performance.now();
    this.show();
  }

  show() {
    const age = Math.max(0, Number(this.getAttribute("seconds")) + (performance.now() - this.#since) / 1000);
    const [size, unit] = units.find(([least]) => age >= least);
    const text = age < 3 ? "just now" : `${Math.floor(size ? age / size : age)} ${unit} ago`;
    if (this.#root.textContent !== text) this.#root.textContent = text;
  }

  static all = new Set();
}

if (!customElements.get("hp-age")) {
  customElements.define("hp-age", Age);
  setInterval(() => Age.all.forEach(age => age.show()), 1000);
}
