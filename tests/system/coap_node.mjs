// The npm package `coap` as a client: each line of standard input is a request, each line of
// standard output what was heard of one. Told what to do by coap_node.py.

import { createRequire } from 'node:module';
import path from 'node:path';
import readline from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const coap = createRequire(path.join(root, 'build/coap-client/'))('coap');
const port = Number(process.argv[2]);

const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

function ask({ number, method, pathname, body, observe = false, block1, confirmable = true }) {
  const request = coap.request({ host: '127.0.0.1', port, method, pathname, observe, confirmable });
  if (body !== undefined) request.setOption('Content-Format', 'application/json');
  if (block1 !== undefined) request.setOption('Block1', Buffer.of(block1));
  request.on('error', ({ message }) => say({ number, error: message }));
  request.on('response', (response) => {
    const heard = (payload) => {
      const { 'Location-Path': location, Observe: notice, 'Max-Age': maxAge } = response.headers;
      say({ number, code: response.code, body: payload.toString(), location, notice, maxAge });
    };
    if (observe) {
      response.on('data', heard);
    } else {
      heard(response.payload);
    }
  });
  request.end(body);
}

readline.createInterface({ input: process.stdin })
  .on('line', (line) => ask(JSON.parse(line)))
  .on('close', () => process.exit(0));
