// The wall clock of a zone: ticks that stand on its hours and days over every change of its offset, and moments in words. Moments are Unix seconds.

const day = 86400;
const step = 1800;
const widths = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 14400, 21600, 28800, 43200];
const days = [1, 2, 7, 14];
const months = [1, 2, 3, 6, 12, 24, 60, 120, 240];
const names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const two = number => String(number).padStart(2, "0");

export class WallClock {
  #format;
  #offsets = new Map();

  constructor(zone) {
    this.#format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric",
    });
  }

  /** Seconds ahead of UTC. Offsets change at whole quarters of an hour at the finest; they are looked up once for each. */
  offset(moment) {
    const slot = Math.floor(moment / 900);
    let offset = this.#offsets.get(slot);
    if (offset === undefined) {
      const part = Object.fromEntries(this.#format.formatToParts(slot * 900000).map(({ type, value }) => [type, Number(value)]));
      offset = Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second) / 1000 - slot * 900;
      if (this.#offsets.size > 20000) this.#offsets.clear();
      this.#offsets.set(slot, offset);
    }
    return offset;
  }

  /** The wall clock as the UTC fields of a date. */
  wall(moment) {
    return new Date(Math.round((moment + this.offset(moment)) * 1000));
  }

  /** The first moment at which the wall clock shows a time, given as if it were UTC; of one that is left out the first behind. */
  moment(wall) {
    const offsets = [this.offset(wall - day), this.offset(wall + day)];
    const found = offsets.map(offset => wall - offset).filter(moment => moment + this.offset(moment) === wall);
    if (found.length > 0) return Math.min(...found);
    for (let moment = Math.floor((wall - Math.max(...offsets)) / 900) * 900; ; moment += 900) {
      if (moment + this.offset(moment) >= wall) return moment;
    }
  }

  /** Moments of ticks, at most so many, on whole units of the wall clock. */
  ticks(min, max, most) {
    const least = (max - min) / Math.max(1, most);
    const width = widths.find(width => width >= least);
    if (width) return this.#clockTicks(min, max, width);
    const every = days.find(every => every * day >= least);
    if (every) return this.#dayTicks(min, max, every);
    return this.#monthTicks(min, max, months.find(every => every * 30.4 * day >= least) ?? months.at(-1));
  }

  #clockTicks(min, max, width) {
    const ticks = [];
    // An hour that comes twice has its tick twice, one that is left out has none.
    const pace = Math.min(width, step);
    const aligned = moment => moment - (((moment + this.offset(moment)) % pace) + pace) % pace;
    for (let moment = aligned(min); moment <= max; moment += pace) {
      if (moment < min) continue;
      if ((((moment + this.offset(moment)) % day) + day) % day % width === 0) ticks.push(moment);
    }
    return ticks;
  }

  #dayTicks(min, max, every) {
    const ticks = [];
    const wall = this.wall(min);
    let at = Date.UTC(wall.getUTCFullYear(), wall.getUTCMonth(), wall.getUTCDate()) / 1000;
    // Weeks begin on Monday: 5 January 1970 was one.
    const number = Math.floor(at / day) - 4;
    at -= (((number % every) + every) % every) * day;
    for (; ; at += every * day) {
      const moment = this.moment(at);
      if (moment > max) return ticks;
      if (moment >= min) ticks.push(moment);
    }
  }

  #monthTicks(min, max, every) {
    const ticks = [];
    const wall = this.wall(min);
    const first = wall.getUTCFullYear() * 12 + wall.getUTCMonth();
    for (let month = first - (first % every); ; month += every) {
      const moment = this.moment(Date.UTC(Math.floor(month / 12), month % 12, 1) / 1000);
      if (moment > max) return ticks;
      if (moment >= min) ticks.push(moment);
    }
  }

  /** Words of ticks; a second line says the day, month or year where it begins. */
  labels(ticks) {
    const width = ticks.length > 1 ? Math.min(...ticks.slice(1).map((tick, index) => tick - ticks[index])) : 0;
    let former = null;
    return ticks.map(tick => {
      const wall = this.wall(tick);
      const [year, month, date] = [wall.getUTCFullYear(), wall.getUTCMonth(), wall.getUTCDate()];
      let [own, above] = width >= 27 * day
        ? month === 0 && width >= 360 * day ? [String(year), ""] : [names[month], String(year)]
        : width >= 20 * 3600 ? [`${date} ${names[month]}`, String(year)] : [this.#hours(wall, width), `${date} ${names[month]}`];
      const line = above !== former && above ? `${own}\n${above}` : own;
      former = above;
      return line;
    });
  }

  #hours(wall, width) {
    const clock = `${two(wall.getUTCHours())}:${two(wall.getUTCMinutes())}`;
    return width > 0 && width < 60 ? `${clock}:${two(wall.getUTCSeconds())}` : clock;
  }

  /** A moment in words; with the offset while the shown stretch has more than one. */
  text(moment, min, max) {
    const wall = this.wall(moment);
    const seconds = max - min <= 2 * day ? `:${two(wall.getUTCSeconds())}` : "";
    const offset = this.offset(min) === this.offset(max) ? "" : ` (UTC${this.#signed(this.offset(moment))})`;
    const date = `${weekdays[wall.getUTCDay()]} ${wall.getUTCDate()} ${names[wall.getUTCMonth()]} ${wall.getUTCFullYear()}`;
    return `${date}, ${two(wall.getUTCHours())}:${two(wall.getUTCMinutes())}${seconds}${offset}`;
  }

  #signed(offset) {
    const minutes = Math.abs(offset) / 60;
    const rest = minutes % 60;
    return `${offset < 0 ? "−" : "+"}${Math.floor(minutes / 60)}${rest ? `:${two(rest)}` : ""}`;
  }
}
