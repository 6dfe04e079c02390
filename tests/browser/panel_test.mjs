// What the panel promises beyond its everyday flow.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';

import { checkView, closeBrowser, kPhone, kPin, openBrowser, openPage, picture, root, signIn, startDevice, until } from './stage.mjs';

const texts = JSON.parse(readFileSync(path.join(root, 'agent/panel/texts.json')));
const { words } = texts.en;

const kValues = { to: kPhone, customerName: 'Maria', process: 'order #1', status: 'Shipped' };

before(() => openBrowser());
after(closeBrowser);

// Opens a device and a page, and clears both away.
function scene(name, options, act) {
  it(name, async () => {
    const device = await startDevice(`panel-${name.replace(/\W+/g, '-').slice(0, 40)}`, options);
    try {
      const page = await openPage(device, options);
      await act(page, device).catch(async (why) => {
        await picture(page, `failed-${name.replace(/\W+/g, '-').slice(0, 40)}`);
        console.error(page.wrong);
        throw why;
      });
      await page.finish();
    } finally {
      await device.end();
    }
  });
}

const button = (page, name) => page.getByRole('button', { name, exact: true });

async function fillStatus(page, values = kValues) {
  await page.getByRole('button', { name: words['scenarios.status-changed.title'] }).click();
  for (const [name, text] of Object.entries(values)) await page.locator(`#field-${name}`).fill(text);
}

async function tapWhileAway(page, device) {
  await signIn(page, words);
  await fillStatus(page);
  await device.do('kill');
  await button(page, words['form.send']).click();
  await page.getByText(words['form.not_yet']).waitFor();
}

// The session has ended with the agent.
async function tapAcrossARestart(page, device) {
  await tapWhileAway(page, device);
  await device.do('start');
  await page.getByText(words['sign.again']).first().waitFor();
}

async function taken(page) {
  await page.getByRole('heading', { name: words['message.taken'] }).waitFor();
}

describe('a message is taken once', () => {
  scene('though the answer was lost on its way', {}, async (page, device) => {
    await signIn(page, words);
    await fillStatus(page);
    let lost = 0;
    await page.route('**/v1/messages', async (route) => {
      if (route.request().method() !== 'POST' || lost > 0) return route.continue();
      lost += 1;
      await route.fetch();
      return route.abort();
    });
    await button(page, words['form.send']).click();
    await taken(page);
    assert.equal(lost, 1);
    assert.equal((await device.messages()).length, 1);
  });

  scene('though the page is loaded anew while the agent is away', {}, async (page, device) => {
    await tapWhileAway(page, device);
    await assert.rejects(page.reload());
    await device.do('start');
    // The browser may still be at showing that nobody answered.
    await until(() => page.goto('/#form').then(() => true, () => false), 'the page');
    await page.getByLabel(words['sign.pin']).fill(kPin);
    await button(page, words['sign.in']).click();
    await taken(page);
    assert.equal((await device.messages()).length, 1);
  });

  scene('and a changed one after a lost answer is asked about, not doubled', {}, async (page, device) => {
    await signIn(page, words);
    await fillStatus(page);
    await page.route('**/v1/messages', async (route) => {
      if (route.request().method() !== 'POST') return route.continue();
      await route.fetch().catch(() => {});
      return route.abort().catch(() => {});  // the page may have given up on it meanwhile
    });
    await button(page, words['form.send']).click();
    await page.getByText(words['form.not_yet']).waitFor();
    await button(page, words['form.cancel']).click();
    await page.getByText(words['form.cancelled']).waitFor();
    await page.unroute('**/v1/messages');
    await page.locator('#field-status').fill('Shipped today');
    await button(page, words['form.send']).click();
    await page.getByText(words['form.conflict']).waitFor();
    assert.equal((await device.messages()).length, 1);
  });
});

describe('what was typed is kept', () => {
  scene('when the session ends', {}, async (page, device) => {
    await tapAcrossARestart(page, device);
    await page.getByLabel(words['sign.pin']).fill(kPin);
    await button(page, words['sign.in']).click();
    // Send was tapped already.
    await taken(page);
    assert.deepEqual((await device.messages()).map((one) => one.operator), ['Ana Ruiz']);
  });

  scene('when somebody else goes on, and then waits for a tap', {}, async (page, device) => {
    await tapAcrossARestart(page, device);
    await page.getByLabel(words['sign.name']).fill('Ben');
    await page.getByLabel(words['sign.pin']).fill(kPin);
    await button(page, words['sign.in']).click();
    await button(page, words['form.send']).click();
    await taken(page);
    assert.deepEqual((await device.messages()).map((one) => one.operator), ['Ben']);
  });

  scene('when the page is loaded anew, and with it the language', {}, async (page) => {
    await signIn(page, words);
    await fillStatus(page);
    await page.getByLabel(words.language).selectOption('de');
    assert.equal(await page.locator('#field-status').inputValue(), 'Shipped');
    await page.reload();
    await page.getByRole('heading', { name: texts.de.words['scenarios.status-changed.title'] }).waitFor();
    assert.equal(await page.locator('#field-status').inputValue(), 'Shipped');
    assert.equal(await page.evaluate(() => document.documentElement.lang), 'de');
  });

  scene('as one line, though several were pasted', {}, async (page) => {
    await signIn(page, words);
    await fillStatus(page, { ...kValues, status: 'one\n two\n\nthree' });
    assert.equal(await page.locator('#field-status').inputValue(), 'one two three');
  });
});

describe('nobody gets in by trying', () => {
  scene('PIN after PIN', {}, async (page) => {
    await page.getByLabel(words['sign.name']).fill('Eve');
    for (const pin of ['1', '2', '3', '4', '5', '6']) {
      await page.getByLabel(words['sign.pin']).fill(pin);
      await button(page, words['sign.in']).click();
      await until(async () => await page.getByLabel(words['sign.pin']).inputValue() === '', 'an answer');
    }
    await page.getByText(/Too many tries. Wait \d+ second/).waitFor();
  });
});

describe('signing out', () => {
  scene('ends the session in the agent, too', {}, async (page, device) => {
    await signIn(page, words);
    const { token } = await page.evaluate(() => JSON.parse(sessionStorage.getItem('fieldpost.session')));
    const status = async () => (await fetch(`${device.url}/v1/status`, { headers: { Authorization: `Bearer ${token}` } })).status;
    assert.equal(await status(), 200);
    await button(page, words['sign.out']).click();
    await page.getByLabel(words['sign.pin']).waitFor();
    await until(async () => await status() === 401, 'the end of the session');
  });
});

describe('the number that a person typed', () => {
  for (const [typed, said] of [['0171 5550123', /^Starts with 0/], ['00491715550123', /^Starts with 00/],
    ['+49 (0) 171 5550123', /^Holds \(0\)/], ['2025550123 ext 4', /^Must not contain letters/], ['123', /^Is too short/]]) {
    scene(`is refused in words: ${typed}`, {}, async (page, device) => {
      await signIn(page, words);
      await fillStatus(page, { ...kValues, to: typed });
      await page.locator('#field-to-wrong').getByText(said).waitFor();
      await button(page, words['form.send']).click();
      await page.locator('.trouble').getByText(/1 entry/).waitFor();
      assert.equal(await page.evaluate(() => document.activeElement.id), 'field-to');
      assert.deepEqual(await device.messages(), []);
    });
  }
});

describe('hands and ears', () => {
  scene('reach everything by keyboard alone', {}, async (page, device) => {
    const tabTo = (id) => until(async () => {
      if (await page.evaluate((wanted) => document.activeElement.id === wanted || document.activeElement.textContent === wanted, id)) return true;
      await page.keyboard.press('Tab');
      return false;
    }, `the focus on ${id}`);
    await page.getByLabel(words['sign.pin']).waitFor();
    await tabTo('name');
    await page.keyboard.type('Ana');
    await tabTo('pin');
    await page.keyboard.type(`${kPin}\n`);
    await page.getByRole('heading', { name: words['home.title'] }).waitFor();
    await tabTo(`${words['scenarios.status-changed.title']}${words['scenarios.status-changed.hint']}`);
    const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineWidth);
    assert.equal(outline, '3px');
    await page.keyboard.press('Enter');
    for (const [name, text] of Object.entries(kValues)) {
      await tabTo(`field-${name}`);
      await page.keyboard.type(text);
    }
    await page.keyboard.press('Enter');
    await taken(page);
    // Read aloud without a look at the page.
    await page.locator('#said').getByText(words['message.taken']).waitFor({ state: 'attached' });
    await tabTo(words['message.undo']);
    await page.keyboard.press('Enter');
    await page.locator('#said').getByText(words['message.undone']).waitFor({ state: 'attached' });
    assert.deepEqual((await device.messages()).map((one) => one.state), ['dropped']);
  });

  // No such language is on board yet; the page must be ready for one.
  const mirrored = async (page) => page.route('**/texts.json', (route) => route.fulfill({
    json: { ...texts, ar: { ...texts.en, name: 'العربية', dir: 'rtl' } },
  }));
  for (const size of ['phone', 'desk']) {
    scene(`read from right to left, ${size}`, { size, route: mirrored }, async (page) => {
      await page.getByLabel(words.language).selectOption('ar');
      await signIn(page, words);
      assert.equal(await page.evaluate(() => getComputedStyle(document.body).direction), 'rtl');
      await checkView(page, 'home');
      await picture(page, `rtl-${size}-home`);
      await fillStatus(page, { ...kValues, customerName: 'مريم' });
      await page.getByText(words['form.approximate']).waitFor();
      await checkView(page, 'form');
      await picture(page, `rtl-${size}-form`);
    });
  }
});

describe('a decision', () => {
  scene('to send what may have been sent is carried out when it is meant', { settings: { uncertain: { patience: '2s' } } }, async (page, device) => {
    await signIn(page, words);
    await device.do('behave', { cut: 0, end: 'reset', take: false, count: 1 });
    await device.do('command', { words: ['send', 'status-changed', '--to', kPhone, '--customer-name', 'Eva', '--process', 'x', '--status', 'y'] });
    await page.getByRole('link', { name: words['states.held'] }).click();
    await button(page, words['message.retry']).click();
    await page.getByRole('dialog').getByRole('button', { name: words['message.retry'] }).click();
    await page.locator('.card').getByText(words['states.accepted']).waitFor();
    assert.equal((await device.bodies()).length, 1);
  });

  scene('to replace comes too late for what has left', {}, async (page, device) => {
    await signIn(page, words);
    await fillStatus(page);
    await button(page, words['form.send']).click();
    await taken(page);
    // Under way it cannot be dropped any more; the page of a moment ago does not know.
    await device.do('network', { up: false });
    await button(page, words['message.edit']).click();
    await device.do('network', { up: true });
    await page.locator('#field-status').fill('Delivered');
    await until(async () => (await device.messages())[0].state === 'accepted', 'the first to leave');
    await button(page, words['form.replace']).click();
    await page.getByRole('dialog').getByRole('button', { name: words['form.replace'] }).click();
    await page.getByText(words['form.replace_late']).waitFor();
    assert.equal((await device.messages()).length, 1);
  });
});

describe('scenarios', () => {
  const own = { 'gate-code': { name: 'gate_code', namespace: 'NS', language: 'en', fields: ['customerName', 'gateCode'], text: '{{1}}: {{2}}' } };
  scene('of the device\'s own have a form too', { settings: { templates: own } }, async (page, device) => {
    await signIn(page, words);
    await page.getByRole('button', { name: 'gate-code' }).click();
    await page.getByLabel('Gate code').fill('<b>4</b> "x"');
    await page.locator('#field-customerName').fill('Eva');
    await page.locator('#field-to').fill(kPhone);
    await page.getByText(words['form.approved']).waitFor();
    assert.equal(await page.locator('.bubble').textContent(), 'Eva: <b>4</b> "x"');
    await button(page, words['form.send']).click();
    await taken(page);
    assert.equal((await device.messages())[0].scenario, 'gate-code');
  });
});

describe('the approved text', () => {
  const saved = { 'status-changed': { name: 'status_changed', namespace: 'NS', language: 'en', text: 'Dear {{1}}: {{2}} is {{3}} now.' } };
  scene('is what the preview shows, where the device knows it', { settings: { templates: saved } }, async (page) => {
    await signIn(page, words);
    await fillStatus(page);
    await page.getByText(words['form.approved']).waitFor();
    assert.equal(await page.locator('.bubble').textContent(), 'Dear Maria: order #1 is Shipped now.');
  });
});

describe('the kiosk', () => {
  const address = '/kiosk?scenario=status-changed&customerName=Maria&process=order+1&status=Shipped';
  scene('is one big button where everything is known', { size: 'phone', address: `${address}&to=${kPhone}&reveal=1` }, async (page, device) => {
    await page.getByLabel(words['sign.name']).fill('Kiosk');
    await page.getByLabel(words['sign.pin']).fill(kPin);
    await button(page, words['sign.in']).click();
    await page.getByText('1202•••0123').waitFor();
    await picture(page, 'kiosk-one');
    await checkView(page, 'one button');
    assert.ok(!(await page.locator('main').innerText()).includes(kPhone));
    assert.deepEqual(await device.messages(), []);
    await button(page, words['form.send']).click();
    await page.getByRole('heading', { name: words['kiosk.done'] }).waitFor();
    await picture(page, 'kiosk-done');
    await checkView(page, 'done');
    await page.getByRole('button', { name: words['kiosk.finish'] }).click();
    await button(page, words['form.send']).waitFor();
    assert.equal((await device.messages()).length, 1);
  });

  scene('is a form, forgets it, and starts anew when nobody is there', { address }, async (page) => {
    await page.getByLabel(words['sign.name']).fill('Kiosk');
    await page.getByLabel(words['sign.pin']).fill(kPin);
    await page.clock.install();
    await button(page, words['sign.in']).click();
    await page.getByLabel(words['kiosk.to']).fill('+4917155');
    await checkView(page, 'form');
    await picture(page, 'kiosk-form');
    await page.clock.runFor(62_000);
    await page.getByRole('dialog').getByText(words['kiosk.still']).waitFor();
    await picture(page, 'kiosk-still');
    await button(page, words['kiosk.stay']).click();
    assert.equal(await page.getByLabel(words['kiosk.to']).inputValue(), '+4917155');
    await page.clock.runFor(62_000);
    await page.getByRole('dialog').waitFor();
    await page.clock.runFor(25_000);
    await until(async () => await page.getByLabel(words['kiosk.to']).inputValue() === '', 'the start');
    assert.equal(await page.locator('#field-customerName').inputValue(), 'Maria');
  });

  scene('names a message that is not there', { address: '/kiosk?scenario=nonsense' }, async (page) => {
    await page.getByLabel(words['sign.name']).fill('Kiosk');
    await page.getByLabel(words['sign.pin']).fill(kPin);
    await button(page, words['sign.in']).click();
    await page.getByText(words['kiosk.none']).waitFor();
  });
});
