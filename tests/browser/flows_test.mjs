// The panel as a technician uses it, at both sizes, in both languages and both colour schemes.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';

import { checkView, closeBrowser, kPhone, kPin, openBrowser, openPage, picture, root, signIn, startDevice, until } from './stage.mjs';

const texts = JSON.parse(readFileSync(path.join(root, 'agent/panel/texts.json')));

// What JSON.stringify makes of it is what the vendor's sample sends.
const bodyOf = (template, values) => JSON.stringify({
  phone: kPhone, template, namespace: 'NS', language: { policy: 'deterministic', code: 'en' },
  params: [{ type: 'body', parameters: values.map((text) => ({ type: 'text', text })) }],
});

const kName = 'Jürgen "J" \\ Müller-Łęcki 👩‍🔧';
const kDetails = 'موعد جديد: 25 يونيو – 10:00 bis 12:00 🚐 ‏ ½ é';

before(() => openBrowser());
after(closeBrowser);

// FIELDPOST_COMBINATION="phone en light" for people at work on one.
const only = process.env.FIELDPOST_COMBINATION?.split(' ');

// Each of the three has met each of the others.
for (const [size, language, scheme] of only ? [only] : [
  ['phone', 'en', 'light'], ['desk', 'de', 'light'], ['phone', 'de', 'dark'], ['desk', 'en', 'dark'],
]) {
  describe(`${size}, ${language}, ${scheme}`, () => {
    const words = texts[language].words;
    let device;
    let page;
    let view = 0;
    const look = async (name) => {
      await picture(page, `${size}-${language}-${scheme}-${++view}-${name}`);
      await checkView(page, name);
    };
    const press = (name) => page.getByRole('button', { name, exact: true }).click();
    const fill = (label, text) => page.getByLabel(label, { exact: true }).fill(text);
    const signInAgain = async () => {
      await page.getByText(words['sign.again']).first().waitFor();
      await fill(words['sign.pin'], kPin);
      await press(words['sign.in']);
    };
    const big = () => page.locator('.card .big');

    // Each goes on where the one before it left the page.
    let broken = false;
    const step = (name, act) => it(name, async (context) => {
      if (broken) return context.skip('an earlier step failed');
      broken = true;
      await act().catch(async (why) => {
        await picture(page, `${size}-${language}-${scheme}-failed`);
        console.error(page.wrong);
        throw why;
      });
      broken = false;
    });

    before(async () => {
      device = await startDevice(`${size}-${language}-${scheme}`, { settings: { uncertain: { patience: '2s' } } });
      page = await openPage(device, { size, language, scheme });
    });
    after(async () => {
      await page?.finish();
      await device?.end();
    });

    step('lets in who knows the PIN, and says what there is to send', async () => {
      await page.getByLabel(words['sign.pin']).waitFor();
      await look('sign-in');
      await fill(words['sign.name'], 'Ana Ruiz');
      await fill(words['sign.pin'], '0000');
      await press(words['sign.in']);
      await page.getByText(words['sign.wrong']).waitFor();
      await signIn(page, words);
      await page.getByText(words['list.empty']).waitFor();
      await look('home');
    });

    step('says at each field what is wrong with it, and shows the message as it grows', async () => {
      await page.getByRole('button', { name: words['scenarios.service-changed.title'] }).click();
      await fill(words['form.to'], '0202 5550123');
      await fill(words['fields.customerName'], kName);
      await page.locator('#field-to-wrong').getByText(/0/).waitFor();
      await press(words['form.send']);
      await page.getByText(words.required).first().waitFor();
      assert.equal(await page.evaluate(() => document.activeElement.id), 'field-service');
      await look('form-wrong');
      await fill(words['form.to'], '+1 (202) 555-0123');
      await page.getByText(`+${kPhone}`).first().waitFor();
      await fill(words['fields.service'], 'Wartung');
      await fill(words['fields.details'], kDetails);
      await page.getByText(words['form.approximate']).waitFor();
      assert.match(await page.locator('.bubble').textContent(), new RegExp(kDetails));
      await look('form');
    });

    step('takes it at once, undoes it within eight seconds, and keeps what was typed', async () => {
      await press(words['form.send']);
      await page.getByRole('heading', { name: words['message.taken'] }).waitFor();
      await look('taken');
      await press(words['message.undo']);
      await page.getByRole('heading', { name: words['scenarios.service-changed.title'] }).waitFor();
      assert.equal(await page.getByLabel(words['fields.details'], { exact: true }).inputValue(), kDetails);
      assert.deepEqual((await device.messages()).map((one) => one.state), ['dropped']);
    });

    step('sends it byte for byte, once, though the agent restarts and the button is tapped twice', async () => {
      await device.do('kill');
      await page.getByRole('button', { name: words['form.send'], exact: true }).dblclick();
      await page.getByText(words['form.not_yet']).waitFor();
      await page.locator('.state.stop').waitFor();
      await look('away');
      await device.do('start');
      // The session has ended with the agent; what was handed over then goes on by itself.
      await signInAgain();
      await page.getByRole('heading', { name: words['message.taken'] }).waitFor();
      await page.locator('.state.good').waitFor();
      await device.do('restart');
      await signInAgain();
      await big().getByText(words['states.accepted']).waitFor();
      await look('accepted');
      assert.deepEqual(await device.do('deliveries'), { [bodyOf('service_changed', [kName, 'Wartung', kDetails])]: 1 });
      assert.deepEqual((await device.messages()).map((one) => one.operator), ['Ana Ruiz', 'Ana Ruiz']);
    });

    step('shows the number only when asked to', async () => {
      assert.ok(!(await page.locator('main').textContent()).includes(kPhone));
      const whole = page.locator('main').getByText(`+${kPhone}`);
      await press(words['message.reveal']);
      await whole.waitFor();
      await press(words['message.hide']);
      await whole.waitFor({ state: 'detached' });
      assert.ok(!(await page.locator('body').textContent()).includes(kPhone));
    });

    step('says why it waits, and replaces what waits after one question', async () => {
      await device.do('network', { up: false });
      await page.getByRole('link', { name: words['form.back'] }).click();
      await page.getByRole('button', { name: words['scenarios.status-changed.title'] }).click();
      await fill(words['form.to'], kPhone);
      await fill(words['fields.customerName'], 'Maria');
      await fill(words['fields.process'], 'order #1');
      await fill(words['fields.status'], 'Shiped');
      await press(words['form.send']);
      await page.getByText(words['reasons.connect_failed']).first().waitFor();
      await page.locator('.state.away').waitFor();
      await look('waiting');
      await press(words['message.edit']);
      await fill(words['fields.status'], 'Shipped');
      await press(words['form.replace']);
      await page.getByRole('dialog').waitFor();
      await look('replace-question');
      await page.getByRole('dialog').getByRole('button', { name: words['form.replace'] }).click();
      await page.getByRole('heading', { name: words['message.taken'] }).waitFor();
      await device.do('network', { up: true });
      await big().getByText(words['states.accepted']).waitFor();
      const bodies = (await device.bodies()).filter((one) => one.includes('status_changed'));
      assert.deepEqual(bodies, [bodyOf('status_changed', ['Maria', 'order #1', 'Shipped'])]);
    });

    step('asks before a message is sent that the customer may have, and before one is dropped', async () => {
      await device.do('behave', { cut: 0, end: 'reset', take: false, count: 1 });
      await device.do('command', { words: ['send', 'next-step', '--to', kPhone, '--customer-name', 'Eva', '--process', 'x', '--next-step', 'y'] });
      await page.getByRole('link', { name: words['form.back'] }).click();
      await page.getByText(words['state.decide'].one.replace('{n}', '1')).waitFor();
      await page.getByRole('link', { name: words['states.held'] }).click();
      await look('maybe-sent');
      await press(words['message.retry']);
      await page.getByRole('dialog').getByText(words['message.twice_asked']).waitFor();
      await look('twice-question');
      await page.keyboard.press('Escape');
      await press(words['message.drop']);
      await page.getByRole('dialog').getByRole('button', { name: words['message.drop'] }).click();
      await big().getByText(words['states.dropped']).waitFor();
      await look('dropped');
    });

    step('lists what became of all, and forgets who was there', async () => {
      await page.getByRole('link', { name: words['form.back'] }).click();
      await until(async () => (await page.locator('.messages li').count()) === 5, 'five messages');
      await look('list');
      await press(words['list.waiting']);
      await page.getByText(words['list.empty']).waitFor();
      await page.getByRole('button', { name: words['sign.out'] }).click();
      await page.getByLabel(words['sign.pin']).waitFor();
      assert.deepEqual(await page.evaluate(() => Object.keys(sessionStorage)), []);
      assert.deepEqual(await device.do('problems'), []);
    });
  });
}
