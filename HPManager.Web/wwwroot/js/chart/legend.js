/** The names of the lines with their values under the cursor, as buttons that hide and show them; and the moment, for eyes and, politely, for ears. */
export class Legend {
  #time = document.createElement("p");
  #list = document.createElement("ul");
  #spoken = document.createElement("p");
  #entries;
  #timer = 0;

  constructor(series, toggled) {
    this.#time.className = "hp-time";
    this.#list.className = "hp-legend";
    this.#spoken.className = "visually-hidden";
    this.#spoken.setAttribute("role", "status");
    this.#entries = series.map((line, index) => {
      const item = document.createElement("li");
      const button = Object.assign(document.createElement("button"), { type: "button", title: "Show or hide" });
      button.setAttribute("aria-pressed", "true");
      const [swatch, name, value, more] = ["i", "span", "b", "small"].map(tag => document.createElement(tag));
      swatch.setAttribute("aria-hidden", "true");
      name.textContent = line.label;
      button.append(swatch, name);
      button.addEventListener("click", () => {
        const isShown = button.getAttribute("aria-pressed") !== "true";
        button.setAttribute("aria-pressed", String(isShown));
        toggled(index, isShown);
      });
      item.append(button, value, more);
      this.#list.append(item);
      return { button, swatch, value, more };
    });
  }

  get elements() {
    return [this.#time, this.#list, this.#spoken];
  }

  /** Whether a line is shown. */
  isShown(index) {
    return this.#entries[index].button.getAttribute("aria-pressed") === "true";
  }

  paint(index, stroke, dash) {
    const { swatch } = this.#entries[index];
    swatch.style.background = dash
      ? `repeating-linear-gradient(90deg, ${stroke} 0 ${dash[0]}px, transparent ${dash[0]}px ${dash[0] + dash[1]}px)`
      : stroke;
  }

  /** Only texts that changed are written. */
  tell(time, values) {
    const write = (element, text) => { if (element.textContent !== text) element.textContent = text; };
    write(this.#time, time);
    values.forEach(({ text, more }, index) => {
      write(this.#entries[index].value, text);
      write(this.#entries[index].more, more);
    });
  }

  /** Not more often than somebody can listen to. */
  speak(text) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => { this.#spoken.textContent = text; }, 300);
  }
}
