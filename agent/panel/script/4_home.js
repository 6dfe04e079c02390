// The state of the device, what can be sent, and what became of it.

const kDraftKept = 'fieldpost.draft';
const kShownAtOnce = 10;

// --- The state -----------------------------------------------------------------------------------

// Shape of the sign, the big word, and the reason below it.
function condition() {
  if (away) {
    const since = awaySince && Date.now() - awaySince > 60_000;
    return ['stop', since ? t('state.away_since', { time: timeOf(awaySince) }) : t('state.away'), t('state.away_hint')];
  }
  if (status === undefined) return ['wait', '', ''];
  const { network, channel } = status;
  if (status.store.failed) return ['stop', t('state.broken'), ''];
  if (status.paused) return ['pause', t('state.paused'), t('state.safe')];
  if (channel.state === 'held') return ['stop', t('state.stopped'), reasonWords(channel.reason)];
  if (status.configuration_rejected) return ['stop', t('state.stopped'), t('reasons.configuration_rejected')];
  if (network.state === 'offline') {
    const big = offlineSince ? t('state.offline_since', { time: timeOf(offlineSince) }) : t('state.offline');
    return ['away', big, reasonWords(network.reason)];
  }
  // Before the first send nobody knows.
  return network.state === 'online' ? ['good', t('state.online'), ''] : ['good', t('state.ready'), ''];
}

function waitingWords() {
  if (status === undefined || away) return '';
  const { counts, oldest } = status;
  const n = counts.queued + counts.sending + counts.uncertain;
  if (n === 0) return t('state.clear');
  const words = [t('state.waiting', { n })];
  if (oldest && oldest.age_s >= 60) words.push(t('state.oldest', { age: age(oldest.age_s) }));
  return words.join(', ');
}

let lastCondition;

function showState() {
  const [shape, big, why] = condition();
  const bar = part('state');
  bar.hidden = status === undefined && !away;
  const held = status?.counts.held ?? 0;
  const waiting = waitingWords();
  const sum = [shape, big, why, waiting, held, language].join('|');
  if (bar.dataset.sum !== sum) {
    bar.dataset.sum = sum;
    bar.className = `state ${shape}`;
    bar.replaceChildren(sign(shape), h('div', {},
      h('p', { class: 'big' }, big),
      waiting ? h('p', {}, waiting) : '',
      why ? h('p', {}, why) : '',
      held > 0 && !away ? h('p', { class: 'mind' }, t('state.decide', { n: held })) : ''));
  }
  if (lastCondition !== undefined && lastCondition !== shape) say([big, why].join('. '));
  lastCondition = shape;
}

function showTop() {
  const languages = h('select', {
    'aria-label': t('language'),
    onchange: (event) => { keepLanguage(event.target.value); showTop(); showView(); },
  }, Object.entries(texts).map(([code, one]) => h('option', { value: code, lang: code, selected: code === language }, one.name)));
  const who = isKiosk ? '' : session() ? button(t('sign.out'), signOut, { class: 'calm' })
    : device.panel_open ? button(t('sign.name'), () => showSignIn(), { class: 'calm' }) : '';
  const name = h('p', { class: 'device' }, h('bdi', {}, device.device ?? 'Fieldpost'));
  if (!isKiosk && isIn() && operatorName()) name.append(' · ', h('bdi', {}, operatorName()));
  part('top').replaceChildren(h('div', { class: 'bar' }, name, who, languages), h('div', { id: 'state' }));
  showState();
}

// --- What can be sent ----------------------------------------------------------------------------

function choice(scenario, visit) {
  const hint = t(`scenarios.${scenario.scenario}.hint`, {}, '');
  return h('li', {}, h('button', {
    type: 'button', class: 'choice', disabled: !scenario.configured,
    onclick: () => { begin(scenario.scenario, visit); },
  }, h('strong', {}, titleOf(scenario)), h('span', {}, scenario.configured ? hint : t('home.unset'))));
}

const choices = (visit) => h('ul', { class: 'choosing' },
  [...scenarios].sort((a, b) => b.configured - a.configured).map((one) => choice(one, visit)));

function showHome() {
  const draft = kept(kDraftKept);
  show('home',
    draft ? h('section', {}, button(t('home.draft'), () => { location.hash = 'form'; }, { class: 'main wide' })) : '',
    listOfVisits(),
    h('section', {}, h('h1', {}, t('home.title')), choices()),
    listOfMessages());
}

// --- What became of it ---------------------------------------------------------------------------

const kFilters = [['all', () => true], ['waiting', isLive], ['decide', needsDecision]];
let filter = 'all';
let shown = kShownAtOnce;

function listOfMessages() {
  const list = h('ul', { class: 'messages' });
  const none = h('p', { class: 'hint' }, t('list.empty'));
  const more = button(t('list.more'), () => { shown += 4 * kShownAtOnce; fill(); }, { class: 'calm wide' });
  const filters = kFilters.map(([name]) => button(t(`list.${name}`), () => {
    filter = name;
    shown = kShownAtOnce;
    fill();
  }, { class: 'calm' }));
  const lines = new Map();  // by id; a line stays the same element, so that it keeps the focus
  const fill = () => {
    filters.forEach((one, i) => one.setAttribute('aria-pressed', kFilters[i][0] === filter));
    const chosen = [...rows.values()].filter(kFilters.find(([name]) => name === filter)[1])
      .sort((a, b) => b.id - a.id);
    const wanted = chosen.slice(0, shown).map((row) => {
      if (!lines.has(row.id)) lines.set(row.id, messageLine(row.id));
      const line = lines.get(row.id);
      line.update(rows.get(row.id));
      return line.element;
    });
    if (wanted.length !== list.children.length || wanted.some((one, i) => one !== list.children[i])) {
      const focused = list.contains(document.activeElement) ? document.activeElement : undefined;
      list.replaceChildren(...wanted);
      focused?.focus({ preventScroll: true });
    }
    none.hidden = chosen.length > 0;
    more.hidden = chosen.length <= shown;
  };
  queueMicrotask(() => whenever('rows', fill));
  return h('section', { class: 'history' }, h('h2', {}, t('list.title')),
    h('div', { class: 'choices filters', role: 'group', 'aria-label': t('list.title') }, filters), list, none, more);
}

function messageLine(id) {
  const link = h('a', { href: `#message/${id}` });
  let before;
  return {
    element: h('li', {}, link),
    update(row) {
      const scenario = scenarios.find((one) => one.scenario === row.scenario) ?? { scenario: row.scenario };
      const when = row.created ?? row.time;
      const words = [titleOf(scenario), row.to, row.state, row.reason, when].join('|');
      if (words === before) return;
      before = words;
      link.replaceChildren(sign(signOfState[row.state] ?? 'wait'), h('span', {},
        h('strong', {}, stateWords(row.state)),
        h('span', {}, titleOf(scenario)),
        h('span', { class: 'hint' }, h('bdi', {}, row.to), when ? ` · ${timeOf(when)}` : '')));
    },
  };
}
