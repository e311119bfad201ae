'use strict';
const readline = require('node:readline');

const REGISTERS = 125;

// Says "ready", then for each line "SECONDS" on stdin reads that long and says "READS SECONDS". Every read is decoded into
// tenths and its sum compared; a wrong one ends the process.
exports.measure = async function measure(read) {
  const expected = Number(process.argv[3]);
  const values = new Float64Array(REGISTERS);

  async function once() {
    const buffer = await read(REGISTERS);
    let sum = 0;
    for (let i = 0; i < REGISTERS; i++) {
      values[i] = buffer.readInt16BE(2 * i) * 0.1;
      sum += values[i];
    }
    if (Math.abs(sum - expected) > 1e-6) throw new Error(`sum ${sum} where ${expected} was expected`);
  }

  await once();
  console.log('ready');
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const start = process.hrtime.bigint();
    const end = start + BigInt(Math.round(Number(line) * 1e9));
    let reads = 0;
    while (process.hrtime.bigint() < end) {
      await once();
      reads++;
    }
    console.log(`${reads} ${Number(process.hrtime.bigint() - start) / 1e9}`);
  }
  process.exit(0);
};
