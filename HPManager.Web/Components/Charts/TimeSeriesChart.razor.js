import uPlot from "../../lib/uplot/uPlot.esm.js";
import { WallClock } from "../../js/chart/time.js";
import { align, before, lastUntil, nearest, rowAt, targets, unpack } from "../../js/chart/data.js";
import { Paints, colour, drawLanes, drawMarks } from "../../js/chart/paint.js";
import { bind, dragged } from "../../js/chart/gestures.js";
import { Legend } from "../../js/chart/legend.js";

const tickSpace = 72;
const narrowTickSpace = 54;
const patterns = [null, [8, 3], [2, 3]];
const setpoint = [10, 4];
const earlier = [1, 4];

/** Charts that share the cursor also share what they show, at once and not only when the data have come. */
const companies = new Map();

class Chart {
  #host;
  #options;
  #owner;
  #clock;
  #data;
  #reach = 0;
  #moves = false;
  #marks = [];
  #formats;
  #resize;
  #legend;
  #paints;
  #unbind;
  #themed = () => this.#build();

  constructor(host, options, owner) {
    this.#host = host;
    this.#options = options;
    this.#owner = owner;
    this.#clock = new WallClock(options.zone);
    this.#data = align([], options.series.length * targets, options.isTimeline);
    this.#formats = options.series.map(series =>
      new Intl.NumberFormat(options.culture, { minimumFractionDigits: series.decimals, maximumFractionDigits: series.decimals }));
    [this.from, this.to] = [0, 1];
    this.#frame();
    this.#build();
    this.#resize = new ResizeObserver(() => this.plot.setSize(this.#size()));
    this.#resize.observe(host.parentElement);
    document.addEventListener("hp-theme", this.#themed);
    companies.set(options.companions, (companies.get(options.companions) ?? new Set()).add(this));
  }

  // For the owner.

  setData(bytes, from, to, moves) {
    const blocks = unpack(bytes);
    this.#reach = Math.max(0, ...blocks.map(block => block.join));
    this.#data = align(blocks, this.#options.series.length * targets, this.#options.isTimeline);
    [this.from, this.to, this.#moves] = [from, to, moves];
    this.#draw();
  }

  setMarks(marks) {
    this.#marks = marks;
    this.plot.redraw(false, false);
  }

  append(time, positions, values, isGap) {
    const data = this.#data;
    if (isGap && data[0].length > 0) rowAt(data, (Math.min(data[0].at(-1), time) + time) / 2);
    const row = rowAt(data, time);
    positions.forEach((position, index) => {
      const value = values[index] ?? null;
      const column = data[position * targets + 1];
      // A gap reaches from value to value.
      if (isGap) for (let last = row - 1; last >= 0 && column[last] == null; last--) column[last] = null;
      // The end of a timeline is a gap that was only assumed.
      if (this.#options.isTimeline && !isGap) for (let last = row - 1; last >= 0; last--) {
        if (column[last] === undefined) continue;
        if (column[last] === null && time - data[0][last] < this.#reach) column[last] = undefined;
        break;
      }
      column[row] = value;
    });
    if (this.#moves) {
      const span = this.to - this.from;
      if (time > this.to) [this.from, this.to] = [time - span, time];
      const stale = lastUntil(data[0], this.from) - (this.#options.isTimeline ? 100 : 2);
      if (stale > 0) data.forEach(column => column.splice(0, stale));
    }
    this.#draw();
  }

  dispose() {
    document.removeEventListener("hp-theme", this.#themed);
    companies.get(this.#options.companions)?.delete(this);
    this.#resize.disconnect();
    this.#unbind();
    this.plot.destroy();
  }

  // For gestures.

  show(from, to) {
    for (const chart of companies.get(this.#options.companions)) {
      [chart.from, chart.to] = [from, to];
      chart.plot.setScale("x", { min: from, max: to });
    }
  }

  zoom(from, to) {
    this.#owner.invokeMethodAsync("ZoomAsync", from, to);
  }

  move(from, to) {
    this.#owner.invokeMethodAsync("MoveAsync", from, to);
  }

  reset() {
    this.#owner.invokeMethodAsync("ResetAsync");
  }

  get cursorAt() {
    const { left } = this.plot.cursor;
    return left >= 0 ? this.plot.posToVal(left, "x") : null;
  }

  /** To the next row, or by a tenth of what is shown. */
  step(direction, isLong) {
    const [times, at] = [this.#data[0], this.cursorAt ?? this.to];
    if (isLong || times.length === 0) return this.#cursor(at + direction * (this.to - this.from) / 10);
    // The cursor stands on whole pixels: rows closer than one are one.
    const pixel = (this.to - this.from) / this.plot.over.clientWidth;
    let row = lastUntil(times, at + pixel / 2);
    const from = times[row] ?? at;
    do row += direction; while (row > 0 && row < times.length - 1 && Math.abs(times[row] - from) < pixel);
    this.#cursor(times[Math.min(Math.max(row, 0), times.length - 1)]);
  }

  stepTo(end) {
    const shown = this.#data[0].filter(time => time >= this.from && time <= this.to);
    this.#cursor(shown.at(end) ?? (end === 0 ? this.from : this.to));
  }

  #cursor(moment) {
    const within = Math.min(Math.max(moment, this.from), this.to);
    this.plot.setCursor({ left: this.plot.valToPos(within, "x"), top: this.plot.over.clientHeight / 2 });
    const { time, values } = this.#told(within);
    this.#legend.speak(`${time}. ${this.#options.series.map((series, index) => `${series.label} ${values[index].text} ${values[index].more}`).join(", ")}`);
  }

  // Drawing.

  #frame() {
    this.focusable = document.createElement("div");
    this.focusable.className = "hp-plot";
    this.focusable.tabIndex = 0;
    this.focusable.setAttribute("role", "application");
    this.focusable.setAttribute("aria-roledescription", "chart");
    this.focusable.setAttribute("aria-label", `${this.#options.label}. Arrow keys read values, plus and minus zoom, Shift and arrows move.`);
    this.#legend = new Legend(this.#options.series, (index, isShown) => this.#toggle(index, isShown));
    this.#host.replaceChildren(this.focusable, ...this.#legend.elements);
  }

  #draw() {
    this.plot.batch(() => {
      this.plot.setData(this.#data, false);
      this.plot.setScale("x", { min: this.from, max: this.to });
    });
    this.#tell();
  }

  #toggle(index, isShown) {
    for (let target = 0; target < targets; target++) this.plot.setSeries(index * targets + target + 1, { show: isShown });
  }

  #size() {
    return { width: Math.max(this.#host.parentElement.clientWidth, 120), height: this.#options.height };
  }

  #build() {
    const options = this.#options;
    const ratio = devicePixelRatio;
    this.#paints = new Paints(this.#host, ratio);
    const grid = { stroke: colour(this.#host, "--line"), width: 1 };
    const font = `12px ${this.#paints.font}`;
    const axis = { stroke: this.#paints.faint, grid, ticks: { show: false }, font };
    const scales = options.isTimeline ? [] : [...new Set(options.series.map(series => series.scale))].slice(0, 2);
    const isNarrow = this.#size().width < 560;
    const side = isNarrow ? 44 : 56;
    this.#unbind?.();
    this.plot?.destroy();
    this.plot = new uPlot({
      ...this.#size(),
      padding: [options.isTimeline ? 4 : 20, !options.hasRightAxis ? 24 : scales.length < 2 ? side : 0, 0, options.isTimeline ? side : 0],
      cursor: {
        // A drag belongs to the chart it was made in: the others would zoom once more.
        sync: { key: options.companions, setSeries: false, filters: { pub: type => type === "mousemove" || type === "mouseleave" } },
        drag: { x: true, y: false, setScale: false },
        points: { size: 7, show: !options.isTimeline },
        y: false,
        dataIdx: (plot, series, row) => series === 0 || row == null ? row : this.#row(series, row),
        bind: { dblclick: () => () => { this.reset(); return null; } },
      },
      legend: { show: false },
      scales: { x: { time: true, auto: false }, ...Object.fromEntries(scales.map(scale => [scale, {}])), ...(options.isTimeline ? { state: { auto: false, range: [0, 1] } } : {}) },
      axes: [
        {
          ...axis,
          size: 40,
          splits: (plot, index, min, max) => this.#clock.ticks(min, max, Math.max(2, Math.floor(plot.over.clientWidth / (isNarrow ? narrowTickSpace : tickSpace)))),
          values: (plot, splits) => this.#clock.labels(splits),
        },
        ...scales.map((scale, index) => ({
          ...axis,
          scale,
          side: index === 0 ? 3 : 1,
          grid: index === 0 ? grid : { show: false },
          size: side,
          values: (plot, splits) => splits.map(value => this.#label(value)),
        })),
      ],
      series: [{}, ...options.series.flatMap((series, index) => this.#lines(series, index))],
      bands: options.isTimeline ? [] : options.series.map((series, index) => ({
        series: [index * targets + 3, index * targets + 2],
        fill: this.#faded(colour(this.#host, `--series-${series.colour}`), 0.16),
      })),
      hooks: {
        setCursor: [() => this.#tell()],
        setSelect: [plot => {
          const stretch = dragged(plot);
          if (!stretch) return;
          this.show(...stretch);
          this.zoom(...stretch);
        }],
        drawClear: [plot => this.#units(plot, scales)],
        draw: [plot => {
          if (options.isTimeline) drawLanes(plot, this.#lanes(), this.#paints);
          drawMarks(plot, this.#marks, this.#paints);
        }],
      },
    }, this.#data, this.focusable);
    this.#unbind = bind(this);
    this.#draw();
  }

  /** Four for each series: the line, the ends of its band, and the line of an earlier period. */
  #lines(series, index) {
    const stroke = colour(this.#host, `--series-${series.colour}`);
    const dash = series.isSetpoint ? setpoint : patterns[series.pattern % patterns.length];
    const show = this.#legend.isShown(index);
    const scale = this.#options.isTimeline ? "state" : series.scale;
    this.#legend.paint(index, this.#options.isTimeline ? "transparent" : stroke, dash);
    const lone = (plot, at) => this.#loners(at);
    const common = { scale, show, points: { show: false }, spanGaps: false };
    if (this.#options.isTimeline) return Array.from({ length: targets }, () => ({ ...common, paths: () => null }));
    const edge = { ...common, width: 0, stroke: "transparent" };
    return [
      { ...common, stroke, width: 1.75, dash: dash ?? undefined, points: { show: true, filter: lone, size: 4, fill: stroke, stroke } },
      edge,
      edge,
      { ...common, stroke: this.#faded(stroke, 0.75), width: 1.75, dash: earlier, cap: "round" },
    ];
  }

  /** A value between two gaps has no line to be seen by. */
  #loners(column) {
    const values = this.#data[column];
    const found = [];
    const told = [];
    values.forEach((value, row) => { if (value !== undefined) told.push(row); });
    told.forEach((row, place) => {
      if (values[row] !== null && values[told[place - 1]] == null && values[told[place + 1]] == null) found.push(row);
    });
    return found;
  }

  #faded(resolved, alpha) {
    return `color-mix(in srgb, ${resolved} ${alpha * 100}%, transparent)`;
  }

  #units(plot, scales) {
    const { ctx: context, bbox } = plot;
    context.save();
    context.font = `500 ${11 * this.#paints.ratio}px ${this.#paints.font}`;
    context.fillStyle = this.#paints.faint;
    context.textBaseline = "top";
    scales.forEach((scale, index) => {
      const unit = this.#options.series.find(series => series.scale === scale).unit;
      context.textAlign = index === 0 ? "right" : "left";
      context.fillText(unit, index === 0 ? bbox.left - 8 * this.#paints.ratio : bbox.left + bbox.width + 8 * this.#paints.ratio, 2 * this.#paints.ratio);
    });
    context.restore();
  }

  #lanes() {
    const [times] = this.#data;
    return this.#options.series.flatMap((series, index) => [false, true].filter(isEarlier => !isEarlier || this.#options.isCompared).map(isEarlier => ({
      label: isEarlier ? `${series.label}, earlier` : series.label,
      segments: () => {
        const segments = [];
        if (!this.#legend.isShown(index)) return segments;
        const column = this.#data[index * targets + (isEarlier ? before : 0) + 1];
        let open = null;
        const close = to => { if (open) segments.push({ ...open, to }); };
        column.forEach((value, row) => {
          if (value === undefined || (open && open.value === value)) return;
          close(times[row]);
          open = value === null ? null : { from: times[row], value, word: this.#value(index, value), tone: this.#tone(series, value) };
        });
        close(times.at(-1));
        return segments;
      },
    })));
  }

  #tone(series, value) {
    return series.tones?.[String(value)] ?? (value === 0 ? "quiet" : `series-${(Math.abs(value) % 8) + 1}`);
  }

  #label(value) {
    const number = Math.abs(value) >= 100000
      ? new Intl.NumberFormat(this.#options.culture, { notation: "compact", maximumFractionDigits: 2 })
      : new Intl.NumberFormat(this.#options.culture, { maximumFractionDigits: 2 });
    return number.format(value).replace("-", "−");
  }

  // Telling.

  #value(index, value) {
    const series = this.#options.series[index];
    if (value == null) return "–";
    if (series.isFlags && series.words) return this.#flags(series.words, value);
    const word = series.words?.[String(value)];
    return word ?? `${this.#formats[index].format(value).replace("-", "−")}${series.unit ? " " + series.unit : ""}`;
  }

  #flags(words, value) {
    if (value === 0) return words["0"] ?? "None";
    const told = Object.entries(words).filter(([bit]) => bit !== "0" && (value & Number(bit)) !== 0).map(([, word]) => word);
    return told.join(" + ") || String(value);
  }

  #row(column, row) {
    if (this.#options.isTimeline) {
      let at = row;
      while (at >= 0 && this.#data[column][at] === undefined) at--;
      return at < 0 ? null : at;
    }
    return nearest(this.#data, column, row, this.#reach);
  }

  /** The moment and every value at it; without a cursor the newest that are shown. */
  #told(moment) {
    const [times] = this.#data;
    const isEnd = moment == null;
    const at = isEnd ? Math.min(times.at(-1) ?? this.to, this.to) : moment;
    let row = lastUntil(times, at);
    // Lines tell what is nearest, states what held.
    if (!this.#options.isTimeline && row + 1 < times.length && (row < 0 || times[row + 1] - at < at - times[row])) row++;
    const time = this.#options.isTimeline || row < 0 || Math.abs(times[row] - at) > this.#reach ? at : times[row];
    const values = this.#options.series.map((series, index) => {
      const value = target => {
        if (row < 0) return null;
        const own = this.#row(index * targets + target + 1, row);
        return own == null || (!this.#options.isTimeline && Math.abs(times[own] - at) > Math.max(this.#reach, 1)) ? null : this.#data[index * targets + target + 1][own] ?? null;
      };
      return { text: this.#value(index, value(0)), more: this.#more(index, value) };
    });
    const mark = isEnd ? null : this.#marks.find(mark => this.#isAt(mark, at));
    return { time: this.#clock.text(time, this.from, this.to) + (mark ? ` · ${mark.text}` : ""), values };
  }

  #isAt(mark, moment) {
    const reach = 6 * (this.to - this.from) / this.plot.over.clientWidth;
    return moment >= mark.at - reach && moment <= (mark.until ?? mark.at) + reach;
  }

  #more(index, value) {
    const parts = [];
    const [now, low, high, then] = [0, 1, 2, before].map(value);
    const number = this.#formats[index];
    if (now != null && low != null && high != null && high > low) parts.push(`${number.format(low)} to ${number.format(high)}`.replaceAll("-", "−"));
    if (this.#options.isCompared) {
      const difference = now != null && then != null && !this.#options.isTimeline ? ` (${now >= then ? "+" : "−"}${number.format(Math.abs(now - then))})` : "";
      parts.push(`earlier ${this.#value(index, then)}${difference}`);
    }
    return parts.join(" · ");
  }

  #tell() {
    if (!this.plot) return;
    const { time, values } = this.#told(this.cursorAt);
    this.#legend.tell(time, values);
  }
}

/** Builds a chart in place of the one before it. */
export function create(host, options, owner) {
  host.hpChart?.dispose();
  host.hpChart = new Chart(host, options, owner);
  return host.hpChart;
}
