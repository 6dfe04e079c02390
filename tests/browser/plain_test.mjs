// The page for who has no script.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { checkView, closeBrowser, kPhone, kPin, openBrowser, openPage, picture, startDevice } from './stage.mjs';

before(() => openBrowser());
after(closeBrowser);

const kHostile = '<script>document.title="gone"</script>&<b>';
const httpCredentials = { username: 'Ana Ruiz', password: kPin };

// A device that is offline, with a message that waits, one that is dropped, and a name that bites.
async function withMessages(name, act) {
  const device = await startDevice(`plain-${name}`);
  try {
    await device.do('network', { up: false });
    const { token } = await (await fetch(`${device.url}/v1/session`, {
      method: 'POST', headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ pin: kPin, operator: kHostile }),
    })).json();
    const post = async (path, body) => (await fetch(`${device.url}${path}`, {
      method: 'POST', headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` }, body: JSON.stringify(body),
    })).json();
    const fields = { customerName: 'Maria', process: 'order #1', status: 'Shipped' };
    for (const key of ['one', 'two']) await post('/v1/messages', { scenario: 'status-changed', to: kPhone, key, fields });
    await post('/v1/messages/2/drop', {});
    await act(device);
  } finally {
    await device.end();
  }
}

describe('without JavaScript', () => {
  it('the page leads to what can be read, and asks for the PIN', async () => {
    await withMessages('leads', async (device) => {
      const context = { javaScriptEnabled: false, httpCredentials };
      const page = await openPage(device, { context });
      await page.getByRole('link', { name: 'to read only' }).click();
      await page.getByText('Message 1: waits to be sent').waitFor();
      assert.equal(await page.title(), 'Offline – Fieldpost');
      const text = await page.locator('main').innerText();
      assert.ok(text.includes('1202•••0123') && !text.includes(kPhone), text);
      assert.ok(text.includes(`by ${kHostile}.`), text);
      await page.getByRole('link', { name: '1 dropped' }).click();
      await page.getByText('Message 2: given up').waitFor();
      await page.finish();
    });
  });

  it('nobody reads it without the PIN', async () => {
    await withMessages('nobody', async (device) => {
      const page = await openPage(device, { context: { javaScriptEnabled: false } });
      // Chromium shows an error of its own, or the refusal.
      const shown = await page.goto('/plain').then((answer) => answer.status(), ({ message }) => message);
      assert.match(String(shown), /^401$|ERR_INVALID_AUTH_CREDENTIALS/);
      assert.equal((await page.request.get('/plain')).status(), 401);
      await page.finish();
    });
  });

  for (const size of ['phone', 'desk']) {
    for (const scheme of ['light', 'dark']) {
      it(`everybody can read it, ${size}, ${scheme}`, async () => {
        await withMessages(`${size}-${scheme}`, async (device) => {
          // With a script, for axe alone: the page's own policy lets none run.
          const page = await openPage(device, { size, scheme, address: '/plain', context: { httpCredentials } });
          await page.getByText('Message 1: waits to be sent').waitFor();
          await checkView(page, 'plain');
          await picture(page, `plain-${size}-${scheme}`);
          await page.finish();
        });
      });
    }
  }
});
