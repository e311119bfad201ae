'use strict';
// usage: node modbus_serial_reads.js PORT SUM; see PeerProcess in Contestants.cs for what is said on stdin and stdout
const ModbusRTU = require('modbus-serial');
const { measure } = require('./measure.js');

const client = new ModbusRTU();
client.connectTCP('127.0.0.1', { port: Number(process.argv[2]) }).then(() => {
  client.setID(1);
  client.setTimeout(5000);
  return measure(async (count) => (await client.readHoldingRegisters(0, count)).buffer);
});
