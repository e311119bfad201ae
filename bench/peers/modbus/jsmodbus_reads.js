'use strict';
// usage: node jsmodbus_reads.js PORT SUM; see PeerProcess in Contestants.cs for what is said on stdin and stdout
const net = require('node:net');
const modbus = require('jsmodbus');
const { measure } = require('./measure.js');

const socket = new net.Socket();
socket.setNoDelay(true);
const client = new modbus.client.TCP(socket, 1, 5000);
socket.once('connect', () => measure(async (count) => {
  const { response } = await client.readHoldingRegisters(0, count);
  return response.body.valuesAsBuffer;
}));
socket.once('error', (error) => {
  console.error(error);
  process.exit(1);
});
socket.connect({ host: '127.0.0.1', port: Number(process.argv[2]) });
