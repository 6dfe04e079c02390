// The panel's list of visits, from the directory that a back office writes.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, it } from 'node:test';

import { checkView, closeBrowser, openBrowser, openPage, picture, root, signIn, startDevice, until } from './stage.mjs';

const texts = JSON.parse(readFileSync(path.join(root, 'agent/panel/texts.json')));

before(() => openBrowser());
after(closeBrowser);

const visits = [
  { ref: 'visit-881', to: '+1 202 555 0123', customerName: 'María "M" Ruiz', service: 'home delivery', at: '09:30' },
  { ref: 'visit-882', to: '0171 1', customerName: 'Jonas' },
  ...Array.from({ length: 30 }, (_, i) => ({ ref: `other-${i}`, to: '12025550199', customerName: `Other ${i}` })),
];

for (const [size, language, scheme] of [['phone', 'de', 'dark'], ['desk', 'en', 'light']]) {
  it(`a visit is found and chosen: ${size}, ${language}`, async () => {
    const words = texts[language].words;
    const device = await startDevice(`visits-${size}`, {});
    const page = await openPage(device, { size, language, scheme });
    try {
      await signIn(page, words);
      await page.getByText(words['list.empty']).waitFor();
      assert.equal(await page.getByText(words['visits.title'], { exact: true }).isVisible(), false);
      await device.do('directory', { entries: visits });
      await page.getByText(words['sign.again']).first().waitFor();
      await signIn(page, words);

      await page.getByText(words['visits.more']).waitFor();
      const jonas = page.getByRole('button', { name: /Jonas/ });
      assert.equal(await jonas.isDisabled(), true);
      await page.getByLabel(words['visits.find'], { exact: true }).fill('nobody');
      await page.getByText(words['visits.none']).waitFor();
      await page.getByLabel(words['visits.find'], { exact: true }).fill('maría');
      await page.getByRole('button', { name: /Ruiz/ }).waitFor();
      await page.getByRole('button', { name: /Jonas/ }).waitFor({ state: 'detached' });
      await picture(page, `visits-${size}-${language}-${scheme}-1-list`);
      await checkView(page, 'visits');

      await page.getByRole('button', { name: /Ruiz/ }).click();
      await page.getByRole('heading', { name: 'María "M" Ruiz' }).waitFor();
      await checkView(page, 'visit');
      await page.getByRole('button', { name: words['scenarios.service-changed.title'] }).click();
      // What the back office knows is there; no number is asked for, or shown whole.
      assert.equal(await page.locator('#field-service').inputValue(), 'home delivery');
      assert.equal(await page.locator('#field-to').count(), 0);
      await page.getByText('1202•••0123').first().waitFor();
      await page.locator('#field-details').fill('At 10:00.');
      await page.getByText(words['form.to_used'].replace('{number}', '1202•••0123')).first().waitFor();
      assert.equal((await page.content()).includes('12025550123'), false);
      await picture(page, `visits-${size}-${language}-${scheme}-2-form`);
      await checkView(page, 'form of a visit');
      await page.getByRole('button', { name: words['form.send'], exact: true }).click();
      await page.locator('.card .big').waitFor();

      const [body] = await until(async () => {
        const bodies = await device.bodies();
        return bodies.length === 1 && bodies;
      }, 'the message');
      const { phone, params } = JSON.parse(body);
      assert.equal(phone, '12025550123');
      assert.deepEqual(params[0].parameters.map((one) => one.text), ['María "M" Ruiz', 'home delivery', 'At 10:00.']);
    } catch (why) {
      await picture(page, `visits-${size}-failed`);
      throw why;
    } finally {
      await page.finish();
      await device.end();
    }
  });
}
