// A browser in front of a device, for one test.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import readline from 'node:readline';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const modules = createRequire(path.join(root, 'build/browser/'));
const { chromium } = modules('playwright-core');
const axe = modules.resolve('axe-core/axe.min.js');
const pictures = path.join(root, 'build/test-logs/browser');
mkdirSync(pictures, { recursive: true });

export const kPhone = '12025550123';
export const kPin = '4711';

export const sizes = {
  phone: { viewport: { width: 320, height: 640 }, hasTouch: true },
  desk: { viewport: { width: 1280, height: 800 } },
};

// device.do('network', { up: false })
export async function startDevice(name, { pin = kPin, settings = {} } = {}) {
  const child = spawn('python3', ['-B', path.join(root, 'tests/browser/device.py'), name, pin, JSON.stringify(settings)],
    { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = readline.createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => {
    const { value, done } = await lines.next();
    assert.ok(!done, 'the device ended');
    const { said, failed } = JSON.parse(value);
    assert.equal(failed, undefined);
    return said;
  };
  const url = await answer();
  const device = {
    url,
    async do(what, more = {}) {
      child.stdin.write(`${JSON.stringify({ do: what, ...more })}\n`);
      return answer();
    },
    async bodies() { return Object.keys(await device.do('deliveries')); },
    // Of the messages that are there, by the agent's own word.
    async messages() {
      const { out } = await device.do('command', { words: ['list', '--json'] });
      return out.split('\n').filter(Boolean).map((line) => JSON.parse(line));
    },
    async end() {
      child.stdin.end();
      await new Promise((ended) => { child.on('close', ended); });
    },
  };
  return device;
}

let browser;

export async function openBrowser(args = [], executablePath = '/usr/bin/chromium') {
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox', ...args] });
}

export const newContext = (options) => browser.newContext(options);

export const closeBrowser = () => browser.close();

// A page of a context of its own. Whatever it does wrong by itself fails the test at its end.
export async function openPage(device, { size = 'desk', language = 'en', scheme = 'light', address = '/', route, context: more } = {}) {
  const context = await browser.newContext({
    ...sizes[size], locale: language === 'de' ? 'de-DE' : 'en-GB', colorScheme: scheme, reducedMotion: 'reduce',
    baseURL: device.url, ...more,
  });
  await context.addInitScript({ path: axe });
  const page = await context.newPage();
  const wrong = [];
  page.on('pageerror', (why) => wrong.push(why.stack));
  page.on('console', (line) => {
    // The browser tells of each answer that is a refusal, and of each that did not come.
    if (!line.text().startsWith('Failed to load resource')) wrong.push(line.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(`${device.url}/`) && !request.url().startsWith('data:')) wrong.push(`asks outside: ${request.url()}`);
  });
  if (route) await route(page);
  await page.goto(address);
  page.setDefaultTimeout(20_000);
  page.wrong = wrong;
  page.finish = async () => {
    await context.close();
    assert.deepEqual(wrong, []);
  };
  return page;
}

export async function signIn(page, words, operator = 'Ana Ruiz') {
  await page.getByLabel(words['sign.name']).fill(operator);
  await page.getByLabel(words['sign.pin']).fill(kPin);
  await page.getByRole('button', { name: words['sign.in'] }).click();
  await page.getByRole('heading', { name: words['home.title'] }).waitFor();
}

export const picture = (page, name) => page.screenshot({ path: path.join(pictures, `${name}.png`), fullPage: true });

// What holds for every view: no violation that axe knows, nothing to be reached by scrolling
// sideways, and every target large enough for a glove.
export async function checkView(page, where) {
  const found = await page.evaluate(async () => {
    const result = await globalThis.axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    });
    const targets = [...document.querySelectorAll('button, a[href], input, textarea, select')]
      .filter((one) => one.checkVisibility({ visibilityProperty: true }))
      .map((one) => (one.type === 'checkbox' ? one.parentElement : one))
      .map((one) => [one.textContent || one.id, one.getBoundingClientRect()])
      .filter(([, box]) => box.width < 48 || box.height < 48)
      .map(([name, box]) => `${name}: ${box.width} × ${box.height}`);
    return {
      violations: result.violations.map((one) => `${one.id}: ${one.nodes.map((node) => `${node.html} ${node.failureSummary}`).join('; ')}`),
      targets,
      sideways: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    };
  });
  assert.deepEqual(found, { violations: [], targets: [], sideways: 0 }, where);
}

export async function until(condition, what) {
  for (let tries = 0; tries < 200; ++tries) {
    const value = await condition();
    if (value) return value;
    await new Promise((later) => { setTimeout(later, 150); });
  }
  throw new Error(`waited for ${what}`);
}
