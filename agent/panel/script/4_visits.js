// The visits that the back office knows of (intake.directory), so that nobody types a number with gloves
// on. Where there is no directory there is nothing to see.

const kVisitKept = 'fieldpost.visit';
const kVisitsShown = 8;

const nameOf = (visit) => visit.customerName ?? visit.ref;
// What else an entry says: it is the back office's to choose.
const restOf = (visit) => Object.entries(visit)
  .filter(([key]) => !['ref', 'customerName', 'to', 'language', 'fault'].includes(key)).map(([, value]) => value);

function visitChoice(visit) {
  const words = [...restOf(visit), nameOf(visit) === visit.ref ? '' : visit.ref].filter(Boolean).join(' · ');
  return h('li', {}, h('button', {
    type: 'button', class: 'choice', disabled: visit.fault !== undefined,
    onclick: () => { keep(kVisitKept, visit); location.hash = 'visit'; },
  }, h('strong', {}, h('bdi', {}, nameOf(visit))), h('span', { dir: 'auto' }, words),
  h('span', {}, visit.fault ? t(`said.${visit.fault}`, {}, visit.fault) : h('bdi', {}, visit.to))));
}

function listOfVisits() {
  const list = h('ul', { class: 'choosing' });
  const note = h('p', { class: 'hint', role: 'status' });
  const find = h('input', { type: 'search', id: 'find', autocomplete: 'off', 'aria-describedby': 'find-note', dir: 'auto' });
  note.id = 'find-note';
  const section = h('section', { hidden: true }, h('h2', {}, t('visits.title')),
    h('div', { class: 'field' }, h('label', { for: 'find' }, t('visits.find')), find), note, list);
  let timer;
  let looks = 0;
  async function look() {
    const mine = ++looks;
    const { signal } = ending;
    try {
      const found = await objects(`/v1/directory?find=${encodeURIComponent(find.value.trim())}`);
      if (mine !== looks || signal.aborted) return;
      const visits = found.filter((one) => one.ref !== undefined);
      list.replaceChildren(...visits.slice(0, kVisitsShown).map(visitChoice));
      note.textContent = visits.length === 0 ? t('visits.none') : found.length > kVisitsShown ? t('visits.more') : '';
      section.hidden = false;
    } catch (why) {
      if (mine !== looks || signal.aborted) return;
      // There is none, or not yet; without an answer the state above says so.
      if (why instanceof Refused && find.value === '') section.hidden = true;
      else note.textContent = why instanceof Refused ? sentenceOf(why.answer) : t('state.away');
    }
  }
  find.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(look, 250);
  });
  queueMicrotask(look);
  return section;
}

// Whom it is about is chosen; what it is about is not.
function showVisit() {
  const visit = kept(kVisitKept);
  if (!visit) { location.hash = ''; return; }
  show('visit',
    h('nav', {}, h('a', { href: '#', class: 'back' }, t('form.back'))),
    h('section', {}, h('h1', {}, h('bdi', {}, nameOf(visit))),
      h('p', { class: 'hint', dir: 'auto' }, [...restOf(visit), visit.to].join(' · ')),
      h('h2', {}, t('home.title')), choices(visit)));
}
