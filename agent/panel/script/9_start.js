// Who is there, and which view the address asks for.

function lose() {
  const operator = operatorName();
  keep(kSessionKept, undefined);
  following?.abort();
  away = false;
  status = undefined;
  showSignIn(t('sign.again'), operator);
}

function signOut() {
  // Here it ends whatever becomes of this; an agent that is away has ended it by then.
  if (session()) request('/v1/session/end', { body: {} }).catch(() => {});
  for (const one of [kSessionKept, kDraftKept, kVisitKept, kTakenKept]) keep(one, undefined);
  rows.clear();
  status = undefined;
  following?.abort();
  location.hash = '';
  enter();
}

// Without a PIN only the name is asked for. It is filled in for the one whose session ended, not for
// the next one: it is bound to messages.
function showSignIn(why = '', operator = operatorName()) {
  const open = device.panel_open;
  const name = h('input', { id: 'name', required: !open, autocomplete: 'off', 'aria-describedby': 'name-hint', dir: 'auto' });
  name.value = operator;
  const pin = h('input', { id: 'pin', type: 'password', inputmode: 'numeric', required: true, autocomplete: 'off' });
  const trouble = h('p', { class: 'trouble', role: 'alert' }, why);
  const submit = h('button', { type: 'submit', class: 'main wide' }, t(open ? 'sign.save' : 'sign.in'));
  const form = h('form', { novalidate: true },
    h('div', { class: 'field' }, h('label', { for: 'name' }, t('sign.name')),
      h('p', { class: 'hint', id: 'name-hint' }, t('sign.name_hint')), name),
    open ? '' : h('div', { class: 'field' }, h('label', { for: 'pin' }, t('sign.pin')), pin),
    trouble, submit);
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const empty = [name, ...(open ? [] : [pin])].find((one) => one.required && one.value.trim() === '');
    if (empty) {
      trouble.textContent = t('required');
      empty.focus();
      return;
    }
    const signed = name.value.trim();
    if (open) {
      localStorage.setItem(kOperatorKept, signed);
      return enter();
    }
    submit.disabled = true;
    try {
      const { token } = await call('/v1/session', { pin: pin.value, operator: signed });
      keep(kSessionKept, { token, operator: signed });
      enter();
    } catch (not) {
      submit.disabled = false;
      pin.value = '';
      trouble.textContent = not instanceof Away ? t('state.away')
        : not.http === 429 ? t('sign.slow', { n: Math.max(not.retryAfter, 1) })
        : not.http === 401 ? t('sign.wrong') : sentenceOf(not.answer);
      pin.focus();
    }
  });
  showTop();
  show('sign', h('h1', {}, t('sign.title')), form);
  if (why) say(why);
}

const isIn = () => device.panel_open || session() !== null;

function showView() {
  if (!isIn()) return showSignIn();
  if (isKiosk) return showKiosk();
  const [view, id] = location.hash.slice(1).split('/');
  if (view === 'form') showForm();
  else if (view === 'visit') showVisit();
  else if (view === 'message' && Number(id) > 0) showMessage(Number(id));
  else showHome();
}

// What the page must know before it can show anything; it asks until it does.
async function untilHeard(ask) {
  for (;;) {
    try {
      return await ask();
    } catch (why) {
      if (!(why instanceof Away)) throw why;
      heardNothing();
      await inSeconds(1);
    }
  }
}

async function enter() {
  showTop();
  if (!isIn()) return showSignIn();
  try {
    scenarios = await untilHeard(() => objects('/v1/scenarios'));
  } catch {
    return;  // the session had ended: the sign-in is there
  }
  await askStatus();
  showTop();
  showView();
  if (!isKiosk) follow();
}

async function start() {
  await loadTexts();
  addEventListener('status', showState);
  showTop();
  device = await untilHeard(() => call('/v1/panel'));
  await enter();
  addEventListener('hashchange', showView);
  setInterval(() => { if (isIn() && !document.hidden) askStatus(); }, 5000);
  if (isKiosk) watchIdle();
}

start();
