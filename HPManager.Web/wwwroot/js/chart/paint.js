// What is drawn by hand over or under uPlot's lines: the lanes of a timeline, and marks.

const lane = 44;
const bar = 22;
const label = 18;

/** The present colour of a CSS variable, as the canvas understands it: light-dark() is resolved by the browser only on an element. */
export function colour(host, variable) {
  const probe = document.createElement("span");
  probe.style.color = `var(${variable})`;
  host.append(probe);
  const resolved = getComputedStyle(probe).color;
  probe.remove();
  return resolved;
}

const patterns = {
  "heating": (context, size) => line(context, 0, size, size, 0),
  "hot-water": (context, size) => { context.beginPath(); context.arc(size / 2, size / 2, size / 7, 0, 7); context.fill(); },
  "cooling": (context, size) => line(context, 0, size / 2, size, size / 2),
  "defrost": (context, size) => { line(context, 0, size, size, 0); line(context, 0, 0, size, size); },
  "fault": (context, size) => line(context, 0, 0, size, size),
  "surplus": (context, size) => line(context, size / 2, 0, size / 2, size),
};

function line(context, x1, y1, x2, y2) {
  context.beginPath();
  context.moveTo(x1, y1);
  context.lineTo(x2, y2);
  context.stroke();
}

/** The look of states: a colour by meaning, and a pattern that says the same without colours. */
export class Paints {
  #fills = new Map();

  constructor(host, ratio) {
    this.host = host;
    this.ratio = ratio;
    this.text = colour(host, "--text");
    this.soft = colour(host, "--text-soft");
    this.faint = colour(host, "--text-faint");
    this.sunken = colour(host, "--surface-sunken");
    this.surface = colour(host, "--surface");
    this.fault = colour(host, "--fault");
    this.good = colour(host, "--surplus");
    this.quiet = colour(host, "--quiet");
    this.font = getComputedStyle(document.body).fontFamily;
  }

  tone(name) {
    if (name === "quiet") return this.sunken;
    if (!this.#fills.has(name)) this.#fills.set(name, colour(this.host, `--${name}`));
    return this.#fills.get(name);
  }

  pattern(context, name) {
    const draw = patterns[name];
    if (!draw) return null;
    const key = `pattern ${name}`;
    if (!this.#fills.has(key)) {
      const size = Math.round(9 * this.ratio);
      const tile = Object.assign(document.createElement("canvas"), { width: size, height: size });
      const brush = tile.getContext("2d");
      brush.strokeStyle = brush.fillStyle = this.surface;
      brush.globalAlpha = 0.34;
      brush.lineWidth = 1.2 * this.ratio;
      draw(brush, size);
      this.#fills.set(key, context.createPattern(tile, "repeat"));
    }
    return this.#fills.get(key);
  }
}

/** Where a lane's bar lies, in CSS pixels from the plot's top. */
export function laneTop(index) {
  return index * lane + label;
}

/** Draws states as bars with their words in them, as far as they fit. */
export function drawLanes(plot, lanes, paints) {
  const { ctx: context } = plot;
  const ratio = paints.ratio;
  const { left, top, width, height } = plot.bbox;
  context.save();
  context.beginPath();
  context.rect(left, top, width, height);
  context.clip();
  context.textBaseline = "middle";
  lanes.forEach((lane, index) => {
    const y = top + laneTop(index) * ratio;
    context.font = `500 ${12 * ratio}px ${paints.font}`;
    context.textAlign = "left";
    context.fillStyle = paints.soft;
    context.fillText(lane.label, left, y - 8 * ratio);
    lane.segments().forEach(({ from, to, word, tone }) => {
      const x = Math.max(plot.valToPos(from, "x", true), left);
      const end = Math.min(plot.valToPos(to, "x", true), left + width);
      if (end <= left || x >= left + width) return;
      const wide = Math.max(end - x - (end - x > 6 * ratio ? ratio : 0), ratio);
      context.fillStyle = paints.tone(tone);
      context.fillRect(x, y, wide, bar * ratio);
      const hatch = paints.pattern(context, tone);
      const room = wide - 12 * ratio;
      const fits = room > 14 * ratio && context.measureText(word).width <= room;
      if (hatch && wide > 4 * ratio) {
        context.fillStyle = hatch;
        context.fillRect(x, y, wide, bar * ratio);
      }
      if (!fits) return;
      if (hatch) {
        context.fillStyle = paints.tone(tone);
        context.fillRect(x + 3 * ratio, y + 3 * ratio, context.measureText(word).width + 6 * ratio, (bar - 6) * ratio);
      }
      context.fillStyle = tone === "quiet" ? paints.soft : paints.surface;
      context.fillText(word, x + 6 * ratio, y + (bar / 2 + 0.5) * ratio);
    });
  });
  context.restore();
}

const markTones = { fault: paints => paints.fault, resolved: paints => paints.good, gap: paints => paints.quiet };

/** Draws marks: a line with a flag at the top, its text where there is room; a stretch without readings is shaded. */
export function drawMarks(plot, marks, paints) {
  const { ctx: context } = plot;
  const ratio = paints.ratio;
  const { left, top, width, height } = plot.bbox;
  context.save();
  context.beginPath();
  context.rect(left, 0, width, top + height);
  context.clip();
  context.font = `500 ${11 * ratio}px ${paints.font}`;
  context.textBaseline = "top";
  context.textAlign = "left";
  let free = -Infinity;
  for (const mark of marks) {
    const x = plot.valToPos(mark.at, "x", true);
    const end = mark.until == null ? x : plot.valToPos(mark.until, "x", true);
    if (end < left || x > left + width) continue;
    context.fillStyle = context.strokeStyle = markTones[mark.kind](paints);
    if (end - x > 2 * ratio) {
      context.globalAlpha = 0.1;
      context.fillRect(x, top, end - x, height);
      context.globalAlpha = 1;
    }
    context.lineWidth = ratio;
    context.setLineDash([3 * ratio, 3 * ratio]);
    line(context, x, top, x, top + height);
    context.setLineDash([]);
    if (!mark.isLabelled || x < free) continue;
    context.beginPath();
    context.moveTo(x - 4 * ratio, top - 7 * ratio);
    context.lineTo(x + 4 * ratio, top - 7 * ratio);
    context.lineTo(x, top);
    context.fill();
    const wide = context.measureText(mark.text).width;
    const at = Math.max(x, left) + 6 * ratio;
    if (at + wide > left + width) continue;
    context.fillText(mark.text, at, top - 12 * ratio);
    free = at + wide + 12 * ratio;
  }
  context.restore();
}
