// Zoom, move and cursor by mouse, fingers, wheel and keys. Every gesture shows at once what is there already; what follows is asked for when it rests.

const leastDrag = 8;
const rest = 220;
const factor = 1.5;

/** The chart offers: plot, from, to, show(from, to), zoom(from, to), move(from, to), reset(), cursor(moment), cursorAt, announce(). */
export function bind(chart) {
  const over = chart.plot.over;
  const place = event => event.clientX - over.getBoundingClientRect().left;
  const moment = left => chart.plot.posToVal(left, "x");
  let timer = 0;

  function settle() {
    clearTimeout(timer);
    timer = setTimeout(() => chart.move(chart.from, chart.to), rest);
  }

  function shift(seconds) {
    chart.show(chart.from + seconds, chart.to + seconds);
    settle();
  }

  function scale(by, around) {
    const length = Math.max((chart.to - chart.from) * by, 60);
    const share = (around - chart.from) / (chart.to - chart.from);
    chart.show(around - length * share, around + length * (1 - share));
    settle();
  }

  /** Shift and drag moves; uPlot itself draws the box of a plain drag. */
  over.addEventListener("mousedown", event => {
    if (event.button !== 0 || !event.shiftKey) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const [from, to, begin, perPixel] = [chart.from, chart.to, event.clientX, (chart.to - chart.from) / over.clientWidth];
    const drag = moved => chart.show(from - (moved.clientX - begin) * perPixel, to - (moved.clientX - begin) * perPixel);
    const end = () => {
      document.removeEventListener("mousemove", drag);
      document.removeEventListener("mouseup", end);
      over.style.cursor = "";
      if (chart.from !== from) chart.move(chart.from, chart.to);
    };
    over.style.cursor = "grabbing";
    document.addEventListener("mousemove", drag);
    document.addEventListener("mouseup", end);
  }, { capture: true });

  over.addEventListener("wheel", event => {
    const sideways = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      scale(Math.min(4, Math.max(0.25, Math.exp(event.deltaY * 0.0025))), moment(place(event)));
    } else if (Math.abs(sideways) > Math.abs(event.shiftKey ? 0 : event.deltaY)) {
      event.preventDefault();
      shift(sideways * (chart.to - chart.from) / over.clientWidth);
    }
  }, { passive: false });

  let pinch = null;
  over.addEventListener("touchstart", event => {
    if (event.touches.length === 2) pinch = [...event.touches].map(touch => moment(place(touch)));
  }, { passive: true });
  over.addEventListener("touchmove", event => {
    if (event.touches.length === 1 && !pinch) {
      chart.plot.setCursor({ left: place(event.touches[0]), top: over.clientHeight / 2 });
    } else if (pinch && event.touches.length === 2) {
      event.preventDefault();
      const [one, other] = [...event.touches].map(place);
      if (Math.abs(one - other) < leastDrag) return;
      // The two moments under the fingers stay under them.
      const perPixel = (pinch[1] - pinch[0]) / (other - one);
      if (!(perPixel > 0)) return;
      const from = pinch[0] - one * perPixel;
      chart.show(from, from + over.clientWidth * perPixel);
    }
  }, { passive: false });
  over.addEventListener("touchend", event => {
    if (!pinch || event.touches.length > 0) return;
    pinch = null;
    chart.zoom(chart.from, chart.to);
  });

  const keys = {
    ArrowLeft: event => event.shiftKey ? shift((chart.from - chart.to) / 4) : chart.step(-1, event.ctrlKey),
    ArrowRight: event => event.shiftKey ? shift((chart.to - chart.from) / 4) : chart.step(1, event.ctrlKey),
    Home: () => chart.stepTo(0),
    End: () => chart.stepTo(-1),
    "+": () => scale(1 / factor, chart.cursorAt ?? (chart.from + chart.to) / 2),
    "=": () => scale(1 / factor, chart.cursorAt ?? (chart.from + chart.to) / 2),
    "-": () => scale(factor, chart.cursorAt ?? (chart.from + chart.to) / 2),
    "−": () => scale(factor, chart.cursorAt ?? (chart.from + chart.to) / 2),
    Escape: () => chart.reset(),
  };
  const press = event => {
    const act = event.altKey || event.metaKey ? null : keys[event.key];
    if (!act) return;
    event.preventDefault();
    act(event);
  };
  chart.focusable.addEventListener("keydown", press);
  return () => {
    clearTimeout(timer);
    chart.focusable.removeEventListener("keydown", press);
  };
}

/** A plain drag over a stretch. */
export function dragged(plot) {
  const { left, width } = plot.select;
  if (width < leastDrag) return null;
  plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  return [plot.posToVal(left, "x"), plot.posToVal(left + width, "x")];
}
