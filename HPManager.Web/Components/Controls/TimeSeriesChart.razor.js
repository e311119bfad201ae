import uPlot from "../../lib/uplot/uPlot.esm.js";

const header = 8;
const leastDrag = 8;

/** Data packed by ChartData.cs. */
function unpack(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const rows = view.getInt32(0, true);
  const columns = view.getInt32(4, true);
  const read = column => Array.from({ length: rows }, (_, row) => view.getFloat64(header + (column * rows + row) * 8, true));
  const gaps = values => values.map(value => Number.isNaN(value) ? null : value);
  return [read(0), ...Array.from({ length: columns }, (_, column) => gaps(read(column + 1)))];
}

/** The present colour of a CSS variable, as the canvas understands it: light-dark() is resolved by the browser only on an element. */
function colour(host, variable) {
  const probe = document.createElement("span");
  probe.style.color = `var(${variable})`;
  host.append(probe);
  const resolved = getComputedStyle(probe).color;
  probe.remove();
  return resolved;
}

const dates = [
  [3600 * 24 * 365, "{YYYY}", null, null, null, null, null, null, 1],
  [3600 * 24 * 28, "{MMM}", "\n{YYYY}", null, null, null, null, null, 1],
  [3600 * 24, "{D} {MMM}", "\n{YYYY}", null, null, null, null, null, 1],
  [3600, "{HH}:{mm}", "\n{D} {MMM}", null, "\n{D} {MMM}", null, null, null, 1],
  [60, "{HH}:{mm}", "\n{D} {MMM}", null, "\n{D} {MMM}", null, null, null, 1],
  [1, "{HH}:{mm}:{ss}", "\n{D} {MMM}", null, "\n{D} {MMM}", null, null, null, 1],
];

class Chart {
  #host;
  #options;
  #owner;
  #plot;
  #data;
  #from = 0;
  #to = 1;
  #formats;
  #resize;
  #themed = () => this.#build();

  constructor(host, options, owner) {
    this.#host = host;
    this.#options = options;
    this.#owner = owner;
    this.#data = [[], ...options.series.map(() => [])];
    this.#formats = options.series.map(series =>
      new Intl.NumberFormat(options.culture, { minimumFractionDigits: series.decimals, maximumFractionDigits: series.decimals }));
    this.#build();
    this.#resize = new ResizeObserver(() => this.#plot.setSize(this.#size()));
    this.#resize.observe(host.parentElement);
    document.addEventListener("hp-theme", this.#themed);
  }

  setData(bytes, from, to) {
    this.#data = unpack(bytes);
    [this.#from, this.#to] = [from, to];
    this.#draw();
  }

  append(time, values, isGap) {
    const [times, ...columns] = this.#data;
    const push = (at, row) => {
      times.push(at);
      columns.forEach((column, index) => column.push(row[index] ?? null));
    };
    if (isGap && times.length > 0) push((times.at(-1) + time) / 2, []);
    push(time, values);
    const span = this.#to - this.#from;
    [this.#from, this.#to] = [time - span, time];
    const stale = times.findIndex(at => at >= this.#from);
    if (stale > 1) [times, ...columns].forEach(column => column.splice(0, stale - 1));
    this.#draw();
  }

  dispose() {
    document.removeEventListener("hp-theme", this.#themed);
    this.#resize.disconnect();
    this.#plot.destroy();
  }

  #draw() {
    this.#plot.batch(() => {
      this.#plot.setData(this.#data, false);
      this.#plot.setScale("x", { min: this.#from, max: this.#to });
    });
    this.#rest();
  }

  /** Without a cursor the legend tells the newest values. */
  #rest() {
    const last = this.#data[0].length - 1;
    if (last >= 0 && this.#plot.cursor.idx == null) this.#plot.setLegend({ idx: last }, false);
  }

  #size() {
    return { width: Math.max(this.#host.parentElement.clientWidth, 120), height: this.#options.height };
  }

  #build() {
    const host = this.#host;
    const text = colour(host, "--text-faint");
    const grid = { stroke: colour(host, "--line"), width: 1 };
    const axis = { stroke: text, grid, ticks: { show: false }, font: `12px ${getComputedStyle(document.body).fontFamily}` };
    const scales = [...new Set(this.#options.series.map(series => series.scale))];
    this.#plot?.destroy();
    host.replaceChildren();
    this.#plot = new uPlot({
      ...this.#size(),
      padding: [12, scales.length > 1 ? 0 : 12, 0, 0],
      cursor: {
        sync: { key: this.#options.companions, setSeries: false },
        drag: { x: true, y: false, setScale: false },
        points: { size: 7 },
        bind: { dblclick: () => () => { this.#owner.invokeMethodAsync("ResetAsync"); return null; } },
      },
      legend: { live: true, markers: { fill: (plot, index) => plot.series[index].stroke() } },
      scales: {
        x: { time: true, auto: false },
        ...Object.fromEntries(scales.map(scale => [scale, scale === "state" ? { range: (plot, min, max) => [Math.min(min ?? 0, 0) - 0.2, (max ?? 1) + 0.2] } : {}])),
      },
      axes: [
        { ...axis, values: dates, space: 70 },
        ...scales.slice(0, 2).map((scale, index) => ({
          ...axis,
          scale,
          side: index === 0 ? 3 : 1,
          grid: index === 0 ? grid : { show: false },
          size: (plot, values) => Math.max(44, ...(values ?? []).map(value => 14 + 7 * String(value).length)),
          values: (plot, splits) => splits.map(value => this.#label(scale, value)),
        })),
      ],
      series: [
        { value: (plot, time) => time == null ? "" : uPlot.fmtDate("{D} {MMM} {HH}:{mm}:{ss}")(new Date(time * 1000)) },
        ...this.#options.series.map((series, index) => {
          const stroke = colour(host, `--series-${series.colour}`);
          return {
            label: series.label,
            scale: series.scale,
            stroke,
            width: 1.75,
            dash: series.isDashed ? [6, 4] : undefined,
            paths: series.isStepped ? uPlot.paths.stepped({ align: 1 }) : undefined,
            points: { show: false },
            value: (plot, value) => value == null ? "–" : this.#value(index, value),
          };
        }),
      ],
      hooks: {
        setCursor: [() => queueMicrotask(() => this.#rest())],
        setSelect: [plot => this.#zoom(plot)],
        ready: [plot => this.#touch(plot)],
      },
    }, this.#data, host);
    this.#draw();
  }

  #value(index, value) {
    const series = this.#options.series[index];
    const word = series.words?.[String(value)];
    return word ?? `${this.#formats[index].format(value).replace("-", "−")}${series.unit ? " " + series.unit : ""}`;
  }

  #label(scale, value) {
    const owners = this.#options.series.filter(series => series.scale === scale);
    if (scale === "state") return owners.length === 1 ? owners[0].words?.[String(value)] ?? "" : Number.isInteger(value) ? String(value) : "";
    const number = new Intl.NumberFormat(this.#options.culture, { maximumFractionDigits: 2 }).format(value).replace("-", "−");
    return owners[0].unit ? `${number} ${owners[0].unit}` : number;
  }

  #zoom(plot) {
    const { left, width } = plot.select;
    if (width < leastDrag) return;
    const [min, max] = [plot.posToVal(left, "x"), plot.posToVal(left + width, "x")];
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    this.#show(min, max);
    this.#owner.invokeMethodAsync("ZoomAsync", min, max);
  }

  /** At once with the data at hand; finer data follow from the server. */
  #show(min, max) {
    [this.#from, this.#to] = [min, max];
    this.#plot.setScale("x", { min, max });
  }

  #touch(plot) {
    let pinch = null;
    const over = plot.over;
    const place = touch => touch.clientX - over.getBoundingClientRect().left;
    over.addEventListener("touchstart", event => {
      if (event.touches.length === 2) pinch = [...event.touches].map(touch => plot.posToVal(place(touch), "x"));
    }, { passive: true });
    over.addEventListener("touchmove", event => {
      if (event.touches.length === 1) {
        plot.setCursor({ left: place(event.touches[0]), top: over.clientHeight / 2 });
      } else if (pinch && event.touches.length === 2) {
        event.preventDefault();
        const [one, other] = [...event.touches].map(place);
        if (Math.abs(one - other) < leastDrag) return;
        // The two moments under the fingers stay under them.
        const perPixel = (pinch[1] - pinch[0]) / (other - one);
        if (!(perPixel > 0)) return;
        const min = pinch[0] - one * perPixel;
        this.#show(min, min + over.clientWidth * perPixel);
      }
    }, { passive: false });
    over.addEventListener("touchend", event => {
      if (!pinch || event.touches.length > 0) return;
      pinch = null;
      this.#owner.invokeMethodAsync("ZoomAsync", this.#from, this.#to);
    });
  }
}

/** Builds a chart in place of the one before it. */
export function create(host, options, owner) {
  host.hpChart?.dispose();
  host.hpChart = new Chart(host, options, owner);
  return host.hpChart;
}
