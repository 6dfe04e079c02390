// One message: what it says, where it is, why it waits, and what can be decided.

function showMessage(id) {
  const here = takenHere(id);
  const heading = h('h1', {}, t('message.number', { id }));
  const state = h('div', { class: 'card' });
  const undo = h('div', { class: 'undo', hidden: true });
  const actions = h('div', { class: 'choices actions' });
  const trouble = h('p', { class: 'trouble', role: 'alert' });
  const facts = h('dl', {});
  let number;  // whole, once it was asked for
  let before = {};

  const act = async (path, body, done) => {
    try {
      const answer = await call(`/v1/messages/${id}/${path}`, body);
      await loadRow(id).catch(() => {});
      done?.(answer);
    } catch (why) {
      if (why instanceof Away) heardNothing();
      trouble.textContent = why instanceof Away ? t('state.away')
        : path === 'drop' && why.answer.error === 'wrong_state' ? t('message.too_late') : sentenceOf(why.answer);
      loadRow(id).catch(() => {});
    }
  };

  const drop = async (row) => {
    const doubt = row.state === 'uncertain' || row.reason === 'maybe_sent';
    if (await ask(t(doubt ? 'message.drop_doubt_asked' : 'message.drop_asked'), t('message.drop'), { grave: true })) act('drop', {});
  };
  const retry = async (row) => {
    const doubt = row.state === 'uncertain' || row.reason === 'maybe_sent';
    const renew = row.state === 'failed' || row.state === 'expired';
    const words = t(renew ? 'message.renew' : 'message.retry');
    if (!await ask(t(doubt ? 'message.twice_asked' : 'message.retry_asked'), words, { grave: doubt })) return;
    act('retry', doubt ? { even_if_sent: true } : {}, (answer) => {
      if (answer.id !== id) location.hash = `message/${answer.id}`;
    });
  };
  const edit = () => {
    keepDraft(newDraft(here.draft.scenario, { ...here.draft, key: crypto.randomUUID(), replaces: id, dropped: undefined }));
    location.hash = 'form';
  };
  const takeBack = () => act('drop', {}, () => {
    keepDraft({ ...here.draft, key: crypto.randomUUID(), replaces: undefined, dropped: undefined });
    location.hash = 'form';
    say(t('message.undone'));
  });

  const possible = (row) => [
    row.state === 'queued' && here ? ['edit', t('message.edit'), edit, 'calm'] : undefined,
    ['queued', 'held', 'uncertain'].includes(row.state) && row.reason !== 'not_before'
      ? ['retry', t('message.retry'), () => retry(rows.get(id)), 'calm'] : undefined,
    ['failed', 'expired'].includes(row.state) ? ['renew', t('message.renew'), () => retry(rows.get(id)), 'calm'] : undefined,
    ['queued', 'held', 'uncertain'].includes(row.state) ? ['drop', t('message.drop'), () => drop(rows.get(id)), 'calm'] : undefined,
  ].filter(Boolean);

  const fact = (name, ...value) => [h('dt', {}, t(`message.${name}`)), h('dd', {}, ...value)];
  const time = (name, value) => (value ? fact(name, timeOf(value)) : []);

  const reveal = button('', async () => {
    try {
      number = number ? undefined : (await call(`/v1/messages/${id}?reveal=1`)).to;
      before = {};
      fill();
      part('said').replaceChildren();  // not to be heard when it is not to be seen
      say(number ? `+${number}` : rows.get(id).to);
    } catch (why) {
      trouble.textContent = why instanceof Away ? t('state.away') : sentenceOf(why.answer);
    }
  }, { class: 'calm' });

  function fill() {
    const row = rows.get(id);
    if (!row) return;
    const why = row.reason && reasonWords(row.reason);
    const stateSum = [row.state, row.reason, row.detail, row.code].join('|');
    if (stateSum !== before.stateSum) {
      if (before.stateSum) say([stateWords(row.state), why].filter(Boolean).join('. '));
      state.replaceChildren(sign(signOfState[row.state] ?? 'wait'), h('div', {},
        h('p', { class: 'big' }, stateWords(row.state)), why ? h('p', {}, why) : ''));
      const can = possible(row);
      const focused = actions.contains(document.activeElement);
      actions.replaceChildren(...can.map(([, words, does, kind]) => button(words, does, { class: kind })));
      if (focused) (actions.firstChild ?? heading).focus();
    }
    const sum = JSON.stringify([row, number]);
    if (sum !== before.sum) {
      const scenario = scenarios.find((one) => one.scenario === row.scenario) ?? { scenario: row.scenario };
      reveal.textContent = t(number ? 'message.hide' : 'message.reveal');
      facts.replaceChildren(
        ...fact('to', h('bdi', {}, number ? `+${number}` : row.to)),
        ...fact('scenario', titleOf(scenario)),
        ...(row.operator ? fact('operator', h('bdi', {}, row.operator)) : []),
        ...time('created', row.created), ...time('next_attempt', row.next_attempt),
        ...time('accepted_at', row.accepted_at), ...time('delivered_at', row.delivered_at),
        ...time('expires', row.expires),
        ...(row.attempts > 0 ? fact('attempts', String(row.attempts)) : []),
        ...(row.retry_of ? fact('retry_of', h('a', { href: `#message/${row.retry_of}` }, t('message.number', { id: row.retry_of }))) : []),
        ...(row.detail ? fact('detail', h('bdi', {}, row.detail)) : []),
        ...(row.code ? fact('code', String(row.code)) : []));
    }
    before = { stateSum, sum };
  }

  show('message',
    h('nav', {}, h('a', { href: '#', class: 'back' }, t('form.back'))),
    heading, undo, state,
    here?.text ? h('section', { class: 'preview' }, h('h2', {}, t('form.preview')),
      h('p', { class: 'bubble', dir: 'auto' }, here.text)) : '',
    trouble, actions, facts, reveal);
  whenever('rows', fill);
  loadRow(id).catch((why) => {
    if (why instanceof Refused && !rows.has(id)) trouble.textContent = sentenceOf(why.answer);
  });
  if (here && (id === justTaken || secondsToUndo(here.at) > 0)) {
    justTaken = undefined;
    actions.hidden = true;
    offerUndo(undo, heading, here, takeBack, () => { actions.hidden = false; });
  }
}

const secondsToUndo = (taken) => Math.ceil(kUndoSeconds - (Date.now() - taken) / 1000);

// The message is ours and safe; for a moment it can be taken back. The agent waits, not this page.
function offerUndo(box, heading, here, takeBack, over) {
  const left = h('p', { 'aria-hidden': 'true' });
  const undo = button(t('message.undo'), takeBack, { class: 'calm' });
  box.hidden = false;
  heading.textContent = t('message.taken');
  box.replaceChildren(h('p', {}, t('message.taken_hint')), h('div', { class: 'choices' }, undo,
    h('a', { href: '#', class: 'button main' }, t('message.next'))), left);
  const seconds = secondsToUndo(here.at);
  say([t('message.taken'), seconds > 0 ? t('message.undo_left', { n: seconds }) : ''].join('. '));
  const tick = () => {
    const n = secondsToUndo(here.at);
    left.textContent = t('message.undo_left', { n });
    if (n > 0) return;
    const focused = document.activeElement === undo;
    undo.remove();
    left.remove();
    if (focused) heading.focus();
    over();
  };
  tick();
  every(200, () => { if (left.isConnected) tick(); });
}
