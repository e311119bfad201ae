import uPlot from "../../lib/uplot/uPlot.esm.js";

export const targets = 4;
export const before = 3;

/** Blocks packed by ChartData.cs: { bucket, join, targets, times, columns }. */
export function unpack(bytes) {
  const numbers = new Float64Array(bytes.slice().buffer);
  let at = 1;
  const take = count => Array.from(numbers.subarray(at, (at += count)));
  return Array.from({ length: numbers[0] }, () => {
    const [rows, columns, bucket, join] = take(4);
    const block = { bucket, join, targets: take(columns), times: take(rows) };
    block.columns = block.targets.map(() => take(rows).map(value => Number.isNaN(value) ? null : value));
    return block;
  });
}

// How uPlot joins what is null: kept where it stands, or spread to the values beside it.
const [retain, expand] = [1, 2];

/**
 * All blocks over common times, a column for each target. Where a series has no row it is undefined, which no line breaks at; null is a gap. Of a line it reaches
 * from value to value: the line would go on from the next row of another series. A state holds until its gap begins.
 */
export function align(blocks, count, isTimeline) {
  const filled = blocks.filter(block => block.times.length > 0);
  if (filled.length === 0) return [[], ...Array.from({ length: count }, () => [])];
  const joined = filled.length === 1
    ? [filled[0].times, ...filled[0].columns]
    : uPlot.join(filled.map(block => [block.times, ...block.columns]), filled.map(block => [expand, ...block.columns.map(() => isTimeline ? retain : expand)]));
  const data = [joined[0], ...Array.from({ length: count }, () => new Array(joined[0].length))];
  filled.flatMap(block => block.targets).forEach((target, index) => { data[target + 1] = joined[index + 1]; });
  return data;
}

/** Position of the last moment at or before one; -1 when there is none. */
export function lastUntil(times, moment) {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] <= moment) low = middle + 1; else high = middle;
  }
  return low - 1;
}

/** The row for a moment, made where there is none. */
export function rowAt(data, moment) {
  const row = lastUntil(data[0], moment);
  if (row >= 0 && data[0][row] === moment) return row;
  data[0].splice(row + 1, 0, moment);
  for (let column = 1; column < data.length; column++) data[column].splice(row + 1, 0, undefined);
  return row + 1;
}

/** The row nearest to another one in which a column has something to say, not further away than the gap it tolerates. */
export function nearest(data, column, row, reach) {
  const [times, values] = [data[0], data[column]];
  for (let distance = 0; distance < times.length; distance++) {
    const [left, right] = [row - distance, row + distance];
    const leftFar = left < 0 || times[row] - times[left] > reach;
    const rightFar = right >= times.length || times[right] - times[row] > reach;
    if (!leftFar && values[left] !== undefined) return left;
    if (!rightFar && values[right] !== undefined) return right;
    if (leftFar && rightFar) return null;
  }
  return null;
}
