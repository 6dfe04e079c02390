// Elements are made one by one, never from markup: whatever a person typed stays text.

// h('button', { class: 'wide', onclick }, 'Send')
function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, '');
    else if (value !== false && value !== undefined) element.setAttribute(key, value);
  }
  element.append(...children.flat().filter((one) => one !== undefined && one !== ''));
  return element;
}

// A sign says by its shape what its colour says too; the words beside it say it to everybody else.
function sign(shape) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  use.setAttribute('href', `#sign-${shape}`);
  svg.setAttribute('class', `sign ${shape}`);
  svg.setAttribute('aria-hidden', 'true');
  svg.append(use);
  return svg;
}

const signOfState = {
  queued: 'wait', sending: 'wait', uncertain: 'ask', held: 'stop', accepted: 'good', sent: 'good',
  delivered: 'phone', read: 'phone', failed: 'stop', expired: 'end', superseded: 'end', dropped: 'end',
};

const button = (words, onclick, attributes = {}) =>
  h('button', { type: 'button', onclick, ...attributes }, words);

const part = (id) => document.getElementById(id);

// Read aloud by screen readers. What is said next does not cut off what was said before.
function say(words) {
  const line = h('p', {}, words);
  part('said').append(line);
  setTimeout(() => line.remove(), 10_000);
}

// What leaves the page's view must not go on working in it.
let ending = new AbortController();

// Puts a view into the page and the focus onto its heading, so that keyboard and screen reader
// begin where the eye does.
function show(name, ...children) {
  ending.abort();
  ending = new AbortController();
  document.body.dataset.view = name;
  part('main').replaceChildren(...children);
  const heading = part('main').querySelector('h1');
  document.title = heading ? `${heading.textContent} – Fieldpost` : 'Fieldpost';
  if (heading) heading.tabIndex = -1;
  (heading ?? part('main')).focus({ preventScroll: true });
  scrollTo(0, 0);
}

// Something in the view that follows what happens elsewhere, until the view goes.
function whenever(event, act) {
  act();
  addEventListener(event, act, { signal: ending.signal });
}

function every(milliseconds, act) {
  const timer = setInterval(act, milliseconds);
  ending.signal.addEventListener('abort', () => clearInterval(timer));
}

// A question with a way back, which is also what Escape means. Resolves to whether it was agreed.
function ask(words, yes, more = {}) {
  const dialog = part('question');
  return new Promise((answer) => {
    const close = (agreed) => { dialog.close(agreed ? 'yes' : ''); };
    const signal = AbortSignal.any([ending.signal, more.signal ?? ending.signal]);
    signal.addEventListener('abort', () => close(false), { once: true });
    dialog.replaceChildren(
      h('h2', { id: 'asked' }, words),
      more.content ?? '',
      h('div', { class: 'choices' },
        more.alone ? '' : button(t('no'), () => close(false), { class: 'calm' }),
        button(yes, () => close(true), { class: more.grave ? 'grave' : 'main' })));
    dialog.addEventListener('close', () => answer(dialog.returnValue === 'yes'), { once: true });
    dialog.returnValue = '';
    if (!dialog.open) dialog.showModal();
  });
}

const inSeconds = (seconds) => new Promise((done) => { setTimeout(done, seconds * 1000); });
