// One message being written: { scenario, key, to, fields, agreed }, with a `visit` in place of `to`; `replaces` the id of one that it
// stands for, which is `dropped` by now; `handing` since when it is being handed over, `by` whom.
//
// It is kept with every letter, so that a reload, an agent that restarts or a session that ends
// costs nobody what they typed. Its key makes a second tap, or a second try after a lost answer,
// the same message.

// Long enough to read once more what was sent, and to change one's mind.
const kUndoSeconds = 8;

const newDraft = (scenario, more = {}) =>
  ({ key: crypto.randomUUID(), scenario, to: '', fields: {}, ...more });

// On a kiosk the next person must not find what the last one typed.
const keepDraft = (draft) => { if (!isKiosk) keep(kDraftKept, draft); };

function begin(scenario, visit) {
  const draft = kept(kDraftKept);
  if (draft?.scenario !== scenario || draft.replaces || draft.visit?.ref !== visit?.ref) {
    keepDraft(newDraft(scenario, visit && { visit, fields: { ...visit } }));
  }
  location.hash = 'form';
}

const scenarioOf = (draft) => scenarios.find((one) => one.scenario === draft.scenario && one.configured);

// The request object. What is still empty can be filled for a look at the rest.
function requestOf(draft, filler = '') {
  const names = scenarioOf(draft).fields.map((one) => one.name);
  return {
    scenario: draft.scenario,
    ...(draft.visit ? { ref: draft.visit.ref } : { to: draft.to }),
    fields: Object.fromEntries(names.map((name) => [name, draft.fields[name] || filler])),
    key: draft.key,
    not_before: `+${kUndoSeconds}s`,
    ...(draft.agreed ? { opt_in: true } : {}),
    ...(operatorName() ? { operator: operatorName() } : {}),
  };
}

let justTaken;  // the id of what the form has just handed over

// --- The form ------------------------------------------------------------------------------------

function showForm() {
  const draft = kept(kDraftKept);
  if (!draft || !scenarioOf(draft)) { location.hash = ''; return; }
  show('form', ...formOf(draft, (id) => {
    justTaken = id;
    location.hash = `message/${id}`;
  }));
}

// The elements of a form; `done` hears the id of what was taken.
function formOf(draft, done) {
  const scenario = scenarioOf(draft);
  const changed = () => { keepDraft(draft); trouble.textContent = ''; look(); };
  const to = fieldOf('to', kioskWords('to', t('form.to')), t('form.to_hint'), draft.to,
    { type: 'tel', inputmode: 'tel', dir: 'ltr' },
    (value) => { draft.to = value; use(''); changed(); });
  // Where it is typed, and once more where it is sent.
  const used = ['polite', 'off'].map((live) => h('p', { class: 'used', 'aria-live': live }));
  to.element.append(used[0]);
  const use = (number) => used.forEach((one, i) => {
    const hidden = draft.visit || (isKiosk && i > 0);
    one.textContent = number && t('form.to_used', { number: hidden ? masked(number) : `+${number}` });
  });
  const whom = draft.visit && h('p', { class: 'whom' }, h('bdi', {}, nameOf(draft.visit)), ' · ', h('bdi', {}, draft.visit.to));
  const fields = [...(whom ? [] : [to]), ...scenario.fields.map(({ name, hint }) => fieldOf(
    name, labelOf(name), t(`hints.${name}`, {}, hint ?? ''), draft.fields[name] ?? '',
    { dir: 'auto', rows: 1, enterkeyhint: 'send' },
    (value) => { draft.fields[name] = value; changed(); }))];

  const agreed = h('input', { type: 'checkbox', id: 'agreed', checked: draft.agreed ?? false });
  agreed.addEventListener('change', () => { draft.agreed = agreed.checked; changed(); });
  const agreement = h('div', { class: 'field check', hidden: !draft.agreed }, agreed,
    h('label', { for: 'agreed' }, t('form.agreed')));

  const trouble = h('p', { class: 'trouble', role: 'alert' });
  const submit = h('button', { type: 'submit', class: 'main wide' }, draft.replaces ? t('form.replace') : t('form.send'));
  const stop = button(t('form.cancel'), () => { cancelled?.(); }, { class: 'calm wide', hidden: true });
  const typed = h('fieldset', {}, whom, fields.map((one) => one.element), agreement);
  const preview = previewOf(scenario);
  const form = h('form', { novalidate: true }, typed,
    h('div', { class: 'beside' }, preview.element, used[1], trouble, submit, stop));
  let cancelled;

  for (const field of fields) {
    field.input.addEventListener('blur', () => { field.touched = true; look(); });
  }

  // What was not understood is said at its field once the person has left it.
  function refuse(answer, always) {
    if (answer.field === 'opt_in') agreement.hidden = false;
    const field = fields.find((one) => one.name === answer.field);
    if (field && (always || (field.touched && field.input.value !== ''))) field.complain(sentenceOf(answer));
    return field;
  }

  let timer;
  let looks = 0;
  function look() {
    preview.draw(draft);
    clearTimeout(timer);
    if (draft.to === '' && !draft.visit) return;
    const mine = ++looks;
    const { signal } = ending;
    timer = setTimeout(async () => {
      const asked = requestOf(draft, '…');
      try {
        const answer = await call('/v1/messages?dry_run=1', asked);
        if (mine !== looks || signal.aborted) return;
        use(answer.to);
        preview.checked(answer);
      } catch (why) {
        if (mine !== looks || signal.aborted || !(why instanceof Refused)) return;
        refuse(why.answer, false);
        preview.unchecked();
      }
    }, 300);
  }

  function freeze(on) {
    typed.disabled = on;
    submit.disabled = on;
    stop.hidden = !on;
    form.setAttribute('aria-busy', on);
    if (on) trouble.textContent = t('form.handing');
  }

  // Tries until the agent has answered, or the person has had enough.
  async function hand(path, body) {
    const enough = new Promise((_, stopped) => { cancelled = () => stopped(new DOMException('', 'AbortError')); });
    enough.catch(() => {});
    const { signal } = ending;
    for (;;) {
      try {
        return await Promise.race([call(path, body), enough]);
      } catch (why) {
        if (!(why instanceof Away)) throw why;
        heardNothing();
        trouble.textContent = t('form.not_yet');
        await Promise.race([inSeconds(1), enough]);
        signal.throwIfAborted();
      }
    }
  }

  async function handOver() {
    freeze(true);
    const { signal } = ending;
    // Who has left this view may be at another message by now.
    const keepOwn = (value) => { if (!signal.aborted || kept(kDraftKept)?.key === draft.key) keepDraft(value); };
    draft.handing ??= Date.now();
    draft.by = operatorName();
    keepDraft(draft);
    const asked = requestOf(draft);
    try {
      if (draft.replaces && !draft.dropped) {
        await dropFirst(draft, hand);
        draft.dropped = true;
      }
      const answer = await hand('/v1/messages', asked);
      const text = preview.text();
      // A repeated answer is that of an earlier try: no more than that is left to undo it.
      const at = answer.duplicate ? draft.handing : Date.now();
      delete draft.handing;
      if (!isKiosk) remember({ id: answer.id, draft, text, at });
      keepOwn(undefined);
      askStatus();
      if (!signal.aborted) done(answer.id, draft);
    } catch (why) {
      // Where only the session has ended, which the status may have met first, signing in again is
      // all that is missing.
      if (isIn() && !(why instanceof Refused && why.answer.error === 'unauthorized')) delete draft.handing;
      keepOwn(draft);
      if (signal.aborted) return;
      freeze(false);
      notTaken(why);
    }
  }

  function notTaken(why) {
    let words = t('form.cancelled');
    let field;
    if (why instanceof TooLate) {
      words = t('form.replace_late');
      draft.replaces = undefined;
      submit.textContent = t('form.send');
    } else if (why instanceof Refused) {
      field = refuse(why.answer, true);
      words = field ? t('form.fix', { n: 1 }) : sentenceOf(why.answer);
      if (why.answer.field === 'opt_in') words = t('form.agreed');
      if (why.answer.error === 'conflict') {
        words = t('form.conflict');
        draft.key = crypto.randomUUID();
      }
      if (draft.dropped) words = `${words} ${t('form.replace_half')}`;
    }
    keepDraft(draft);
    trouble.textContent = words;
    (field?.input ?? submit).focus();
  }

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (submit.disabled) return;
    const empty = fields.filter((one) => one.input.value.trim() === '');
    for (const one of empty) one.complain(t('required'));
    if (empty.length > 0) {
      trouble.textContent = t('form.fix', { n: empty.length });
      empty[0].input.focus();
      return;
    }
    trouble.textContent = '';
    if (draft.replaces && !draft.dropped && !await ask(t('form.replace_asked'), t('form.replace'))) return;
    handOver();
  });

  preview.draw(draft);
  preview.unchecked();
  queueMicrotask(() => {
    look();
    if (draft.handing && draft.by === operatorName()) handOver();
    else delete draft.handing;
  });
  return [
    h('nav', {}, h('a', { href: isKiosk ? '/kiosk' : '#', class: 'back', hidden: isKiosk }, t('form.back'))),
    h('h1', {}, isKiosk ? t('kiosk.title') : titleOf(scenario)),
    form,
  ];
}

class TooLate extends Error {}

// The old one goes first: between the two a power cut leaves the form, never two messages.
async function dropFirst(draft, hand) {
  try {
    await hand(`/v1/messages/${draft.replaces}/drop`, {});
  } catch (why) {
    if (!(why instanceof Refused) || why.answer.error === 'unauthorized') throw why;
    // A second try after a lost answer finds it dropped by the first.
    const row = await hand(`/v1/messages/${draft.replaces}`).catch((not) => {
      if (!(not instanceof Refused)) throw not;
    });
    if (row?.state !== 'dropped') throw new TooLate();
  }
}
