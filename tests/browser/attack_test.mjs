// What pages that mean harm try in the same browser, against a panel that is open to everybody at the
// device: where no token is asked for, the fences stand alone.
//
// Each attack is first made on a careless server, which must take the message: an attack that cannot
// succeed anywhere would show nothing.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import http from 'node:http';
import { after, before, describe, it } from 'node:test';

import { closeBrowser, kPhone, newContext, openBrowser, startDevice, until } from './stage.mjs';

const kEvil = 'evil.example';
const kMessage = { scenario: 'status-changed', to: kPhone, fields: { customerName: 'Maria', process: 'p', status: 's' } };

const listen = (server) => new Promise((ready) => {
  server.listen(0, '127.0.0.1', () => ready(server.address().port));
});

// Takes every JSON text, whoever sends it, and shows itself to all.
async function startCareless() {
  const taken = [];
  const server = http.createServer(async (request, answer) => {
    const body = (await request.toArray()).join('');
    if (request.method === 'POST') taken.push(JSON.parse(body));
    answer.writeHead(200, {
      'Content-Type': 'text/html', 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': '*',
      'Access-Control-Allow-Private-Network': 'true',
    });
    answer.end(`<button style="position: fixed; inset: 0" onclick='fetch("/v1/messages", ${
      JSON.stringify({ method: 'POST', body: JSON.stringify(kMessage) })})'>Send</button>`);
  });
  server.on('upgrade', (request, socket) => {
    const accept = createHash('sha1').update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`);
    socket.write(`HTTP/1.1 101 Yes\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept.digest('base64')}\r\n\r\n`);
    socket.once('data', () => taken.push('a frame'));
    socket.on('error', () => {});
  });
  const port = await listen(server);
  return { url: `http://127.0.0.1:${port}`, taken, end: () => { server.closeAllConnections(); server.close(); } };
}

// Run in the page of the attacker; `text` is the message.
const attacks = {
  'a form': ({ target, text }) => {
    const form = document.createElement('form');
    Object.assign(form, { method: 'post', enctype: 'text/plain', action: `${target}/v1/messages` });
    const field = document.createElement('input');
    field.name = `${text.slice(0, -1)},"key":"`;
    field.value = '"}';
    form.append(field);
    document.body.append(form);
    form.submit();
  },
  'text/plain without asking': ({ target, text }) =>
    fetch(`${target}/v1/messages`, { method: 'POST', mode: 'no-cors', body: text }).catch(() => {}),
  'a beacon': ({ target, text }) => { navigator.sendBeacon(`${target}/v1/messages`, text); },
  'JSON, and asking first': ({ target, text }) =>
    fetch(`${target}/v1/messages`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: text }).catch(() => {}),
  'a WebSocket': ({ target, text }) => {
    const socket = new WebSocket(`${target.replace('http', 'ws')}/v1/messages`);
    socket.onopen = () => socket.send(text);
  },
  'a frame under the pointer': ({ target }) => {
    const frame = document.createElement('iframe');
    Object.assign(frame, { src: `${target}/`, width: 600, height: 400 });
    document.body.replaceChildren(frame);
  },
};

let device;
let careless;
let attacker;
let attackerPort;

before(async () => {
  // Older browsers do not keep pages away from the device's own ports.
  await openBrowser([`--host-resolver-rules=MAP ${kEvil} 127.0.0.1`, '--disable-features=LocalNetworkAccessChecks']);
  device = await startDevice('attack', { pin: '' });
  careless = await startCareless();
  attacker = http.createServer((_, answer) => {
    answer.writeHead(200, { 'Content-Type': 'text/html' });
    answer.end('<!doctype html><title>Win a prize</title>');
  });
  attackerPort = await listen(attacker);
});

after(async () => {
  attacker.closeAllConnections();
  attacker.close();
  careless.end();
  await device.end();
  await closeBrowser();
});

// What became of each request to `target`: its status, or that it failed.
async function attack(from, name, target, enough) {
  const context = await newContext();
  const page = await context.newPage();
  const became = [];
  page.on('response', (answer) => { if (answer.url().startsWith(target)) became.push(answer.status()); });
  page.on('requestfailed', (request) => { if (request.url().startsWith(target)) became.push('failed'); });
  page.on('websocket', (socket) => socket.on('socketerror', () => became.push('failed')));
  await page.goto(from);
  await page.evaluate(attacks[name], { target, text: JSON.stringify(kMessage) });
  if (name.includes('frame')) {
    await until(() => became.length > 0, 'the frame');
    await page.frames()[1]?.waitForLoadState();
    await page.mouse.click(100, 100);
  }
  await until(() => enough(became), `${name} to end`);
  await context.close();
  return became;
}

for (const [who, host] of [['another site', kEvil], ['another port of loopback', '127.0.0.1']]) {
  describe(`a page of ${who} gets nothing by`, () => {
    for (const name of Object.keys(attacks)) {
      it(name, async () => {
        const from = `http://${host}:${attackerPort}/`;
        careless.taken.length = 0;
        await attack(from, name, careless.url, () => careless.taken.length > 0);
        const became = await attack(from, name, device.url, (seen) => seen.length > 0);
        for (const one of became) assert.ok(one === 'failed' || one === 403, `${became}`);
        assert.deepEqual(await device.messages(), []);
      });
    }
  });
}

// A page that the attacker served under this name and port before the name led to the device, and
// what it then asks: of its own origin, as the browser sees it.
async function fromOwnPage(host, path) {
  const context = await newContext();
  const page = await context.newPage();
  const origin = device.url.replace('127.0.0.1', host);
  await page.route(`${origin}/prize`, (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }));
  await page.goto(`${origin}/prize`);
  const status = await page.evaluate(async ({ path: where, text }) => (await fetch(where, {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: text,
  })).status, { path, text: JSON.stringify(kMessage) });
  await context.close();
  return status;
}

describe('a page at the port itself', () => {
  it('gets nothing under a name that was led here (DNS rebinding)', async () => {
    assert.equal(await fromOwnPage(kEvil, '/v1/messages'), 403);
    assert.deepEqual(await device.messages(), []);
  });

  it('gets nothing by a token in a URL', async () => {
    assert.equal(await fromOwnPage('127.0.0.1', '/v1/messages?token=0123456789abcdef'), 400);
    assert.deepEqual(await device.messages(), []);
  });

  it('under the right name, without one, is heard: the two refusals were for that alone', async () => {
    assert.equal(await fromOwnPage('127.0.0.1', '/v1/messages'), 202);
    assert.equal((await device.messages()).length, 1);
  });
});
