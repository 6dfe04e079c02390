// The kiosk: one form, or one big button, and back to the start when nobody is there any more.
//
//   /kiosk?scenario=service-changed&customerName=Maria&to=…
//
// The address fills in fields and nothing else: nothing is sent without a tap, and a whole number is
// shown only where it was typed or came along.

const isKiosk = location.pathname === '/kiosk';
const kIdleSeconds = 60;
const kWarningSeconds = 20;  // WCAG 2.2.1: time to say that one is still there
const kDoneSeconds = 20;

let idleSince = Date.now();
let begun = false;  // somebody did something since the start

let kioskDraft;  // outlives a change of the language

function startKiosk() {
  begun = false;
  kioskDraft = undefined;
  showKiosk();
}

function showKiosk() {
  const given = new URLSearchParams(location.search);
  const draft = kioskDraft ?? newDraft(given.get('scenario') ?? '');
  const scenario = scenarioOf(draft);
  if (!scenario) {
    show('kiosk', h('h1', {}, t('kiosk.title')), h('p', { class: 'trouble' }, t('kiosk.none')));
    return;
  }
  const line = (name) => (given.get(name) ?? '').replace(/\s*\n\s*/g, ' ');
  const names = scenario.fields.map((one) => one.name);
  if (!kioskDraft) {
    draft.to = line('to');
    for (const name of names) draft.fields[name] = line(name);
  }
  kioskDraft = draft;
  const full = ['to', ...names].every((name) => line(name) !== '');
  show('kiosk', ...formOf(draft, showKioskDone));
  // One big button, with what it sends and where in view.
  if (full) document.body.dataset.view = 'kiosk one';
}

function showKioskDone(id, draft) {
  const started = Date.now();
  kioskDraft = undefined;
  const trouble = h('p', { class: 'trouble', role: 'alert' });
  const left = h('p', { 'aria-hidden': 'true' });
  const undo = button(t('message.undo'), async () => {
    try {
      await call(`/v1/messages/${id}/drop`, {});
      kioskDraft = { ...draft, key: crypto.randomUUID() };
      showKiosk();
      say(t('message.undone'));
    } catch (why) {
      trouble.textContent = t(why instanceof Away ? 'state.away' : 'message.too_late');
    }
  }, { class: 'calm wide' });
  show('kiosk done', sign('good'), h('h1', {}, t('kiosk.done')), h('p', {}, t('kiosk.done_hint')), trouble,
    undo, left, button(t('kiosk.finish'), startKiosk, { class: 'main wide' }));
  const tick = () => {
    const passed = (Date.now() - started) / 1000;
    const n = secondsToUndo(started);
    left.textContent = n > 0 ? t('message.undo_left', { n }) : '';
    if (n <= 0 && !undo.hidden) {
      if (document.activeElement === undo) part('main').querySelector('h1').focus();
      undo.hidden = true;
    }
    if (passed > kDoneSeconds) startKiosk();
  };
  tick();
  every(200, tick);
}

async function watchIdle() {
  const stirred = () => { idleSince = Date.now(); begun = true; };
  for (const event of ['pointerdown', 'keydown', 'input']) addEventListener(event, stirred, true);
  for (;;) {
    await inSeconds(1);
    if (!begun || document.body.dataset.view === 'kiosk done' || Date.now() - idleSince < kIdleSeconds * 1000) continue;
    const over = new AbortController();
    const warned = Date.now();
    const left = h('p', {});
    const tick = () => {
      const n = Math.ceil(kWarningSeconds - (Date.now() - warned) / 1000);
      left.textContent = t('kiosk.still_hint', { n: Math.max(n, 0) });
      if (n <= 0) over.abort();
    };
    tick();
    const timer = setInterval(tick, 1000);
    const still = await ask(t('kiosk.still'), t('kiosk.stay'), { content: left, alone: true, signal: over.signal });
    clearInterval(timer);
    // Escape is somebody, too.
    if (still || !over.signal.aborted) stirred(); else startKiosk();
  }
}
