// The kiosk's page in config/examples, from where such pages come from.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import path from 'node:path';
import { after, before, it } from 'node:test';

import { closeBrowser, kPhone, newContext, openBrowser, root, startDevice } from './stage.mjs';

const kPublic = 'kiosk.example';
const example = (name) => path.join(root, 'config/examples', name);
const folder = path.join(root, 'build/browser/kiosk');

const listen = (server) => new Promise((ready) => { server.listen(0, '127.0.0.1', () => ready(server.address().port)); });

let device;
let page;  // the example, for the port that the test's agent has
let token;
let servers;
let ports;

function makeCertificate() {
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes',
    '-keyout', 'key.pem', '-out', 'certificate.pem', '-days', '2', '-subj', `/CN=${kPublic}`], { cwd: folder, stdio: 'ignore' });
  return { key: readFileSync(path.join(folder, 'key.pem')), cert: readFileSync(path.join(folder, 'certificate.pem')) };
}

// Chromium as on a device whose administrator has put the example's policy into /etc/chromium: in a
// name space of the test's own.
function withPolicy() {
  const policies = path.join(folder, 'etc/policies/managed');
  mkdirSync(policies, { recursive: true });
  const policy = readFileSync(example('chromium-policy.json'), 'utf8');
  writeFileSync(path.join(policies, 'kiosk.json'), policy.replaceAll(kPublic, `${kPublic}:${ports.https}`));
  const program = path.join(folder, 'chromium');
  writeFileSync(program, `#!/bin/sh
exec unshare -m sh -c 'mount --bind "$0" /etc/chromium && exec /usr/bin/chromium "$@"' '${path.join(folder, 'etc')}' "$@"
`);
  chmodSync(program, 0o755);
  return program;
}

before(async () => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  device = await startDevice('kiosk');
  page = readFileSync(example('kiosk.html'), 'utf8').replaceAll('127.0.0.1:8040', new URL(device.url).host);
  const answer = (_, out) => { out.writeHead(200, { 'Content-Type': 'text/html' }); out.end(page); };
  servers = { http: http.createServer(answer), https: https.createServer(makeCertificate(), answer) };
  ports = { http: await listen(servers.http), https: await listen(servers.https) };
  token = await device.do('let_in', { origins: [`http://127.0.0.1:${ports.http}`, `https://${kPublic}:${ports.https}`] });
});

after(async () => {
  for (const one of Object.values(servers)) {
    one.closeAllConnections();
    one.close();
  }
  await device.end();
});

// What the page then says, and the agent's messages of that name.
async function tap(address, name, { program, lost = 0 } = {}) {
  await openBrowser([`--host-resolver-rules=MAP ${kPublic} 127.0.0.1`,
    `--ip-address-space-overrides=127.0.0.1:${ports.https}=public`], program);
  try {
    const context = await newContext({ ignoreHTTPSErrors: true });
    const tab = await context.newPage();
    if (lost > 0) {
      await tab.route('**/v1/messages', async (route) => {
        if (route.request().method() !== 'POST' || lost-- <= 0) return route.continue();
        await route.fetch();
        return route.abort();
      });
    }
    const again = lost;
    await tab.goto(`${address}#${token}`);
    assert.ok(!tab.url().includes(token));
    await tab.getByLabel('Your name').fill(name);
    await tab.getByLabel('Your phone number').fill(`+${kPhone}`);
    const send = tab.getByRole('button');
    const said = () => tab.waitForFunction(() => document.querySelector('[role=status]').textContent !== '');
    await send.dblclick();
    await said();
    for (let i = 0; i < again; ++i) {
      assert.equal(await tab.getByRole('status').textContent(), kNotYet);
      await tab.evaluate(() => { document.querySelector('[role=status]').textContent = ''; });
      await send.click();
      await said();
    }
    return await tab.getByRole('status').textContent();
  } finally {
    await closeBrowser();
  }
}

const kThanks = 'Thank you.';
const kNotYet = 'That did not work yet. Please tap once more.';
const taken = async () => (await device.messages()).length;

it('sends from another port of loopback, once', async () => {
  assert.equal(await tap(`http://127.0.0.1:${ports.http}/kiosk.html`, 'Maria'), kThanks);
  assert.equal(await taken(), 1);
});

it('sends no second one where the answer to the first was lost', async () => {
  assert.equal(await tap(`http://127.0.0.1:${ports.http}/kiosk.html`, 'Ben', { lost: 1 }), kThanks);
  assert.equal(await taken(), 2);
});

it('sends from a public site where the policy lets it, and not without', async () => {
  const site = `https://${kPublic}:${ports.https}/kiosk.html`;
  const sofar = await taken();
  assert.equal(await tap(site, 'Eva'), kNotYet);
  assert.equal(await taken(), sofar);
  assert.equal(await tap(site, 'Eva', { program: withPolicy() }), kThanks);
  assert.equal(await taken(), sofar + 1);
});

it('cannot send from file://, as it says', async () => {
  const sofar = await taken();
  const file = path.join(folder, 'kiosk.html');
  writeFileSync(file, page);
  assert.equal(await tap(`file://${file}`, 'Ana'), kNotYet);
  assert.equal(await taken(), sofar);
});
