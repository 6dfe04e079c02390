// What the agent says, and what is asked of it.

const kSessionKept = 'fieldpost.session';
const kOperatorKept = 'fieldpost.operator';
const kRowsMax = 500;  // of messages that have ended; those that wait are all kept

let device = {};              // GET /v1/panel
let scenarios = [];           // GET /v1/scenarios
let status;                   // GET /v1/status; nothing until it was heard
const rows = new Map();       // messages by id
let away = false;             // the agent does not answer,
let awaySince;                // since then
let offlineSince;             // the page saw the network go; what it has not seen it does not claim

const kept = (name) => JSON.parse(sessionStorage.getItem(name) ?? 'null');
const keep = (name, value) => (value === undefined || value === null
  ? sessionStorage.removeItem(name) : sessionStorage.setItem(name, JSON.stringify(value)));

const session = () => kept(kSessionKept);
const operatorName = () => session()?.operator ?? localStorage.getItem(kOperatorKept) ?? '';

class Away extends Error {}

class Refused extends Error {
  constructor(http, answer, retryAfter) {
    super(answer.message);
    Object.assign(this, { http, answer, retryAfter });
  }
}

// The answer, once its head is there.
//   Away: nobody answered, or only that it is starting. Refused: the agent said no.
async function request(path, { body, signal = AbortSignal.timeout(10_000), method } = {}) {
  const headers = {};
  const token = session()?.token;
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  let answer;
  try {
    answer = await fetch(path, {
      method: method ?? (body === undefined ? 'GET' : 'POST'), headers, signal,
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: 'no-store', credentials: 'omit', redirect: 'error',
    });
  } catch {
    throw new Away();
  }
  if (answer.ok) return answer;
  const said = await answer.json().catch(() => undefined);
  if (said === undefined || said.error === 'busy') throw new Away();
  // Not where others asked at the same time and somebody has signed in again since.
  if (answer.status === 401 && token && token === session()?.token) lose();
  throw new Refused(answer.status, said, Number(answer.headers.get('Retry-After') ?? 0));
}

async function call(path, body) {
  try {
    return await (await request(path, { body })).json();
  } catch (why) {
    throw why instanceof Refused ? why : new Away();
  }
}

// One object a line.
async function* linesOf(answer) {
  let rest = '';
  for await (const text of answer.body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split('\n');
    rest = lines.pop();
    for (const line of lines) if (line !== '') yield JSON.parse(line);
  }
}

async function objects(path) {
  const found = [];
  for await (const one of linesOf(await request(path))) found.push(one);
  return found;
}

const told = (event) => dispatchEvent(new Event(event));

// --- Whether it answers --------------------------------------------------------------------------

function heardNothing() {
  if (!away) awaySince = Date.now();
  away = true;
  told('status');
}

async function askStatus() {
  try {
    const before = status?.network.state;
    status = await call('/v1/status');
    away = false;
    if (status.network.state !== 'offline') offlineSince = undefined;
    else if (before !== undefined && before !== 'offline') offlineSince = Date.now();
    told('status');
  } catch (why) {
    if (why instanceof Away) heardNothing();
  }
}

// --- What happens --------------------------------------------------------------------------------

let following;

// Follows the events from where it left off, for as long as somebody is signed in.
async function follow() {
  following?.abort();
  const { signal } = following = new AbortController();
  let cursor;
  while (!signal.aborted) {
    let pause = 2;
    try {
      const path = cursor === undefined ? '/v1/events' : `/v1/events?from=${cursor}`;
      for await (const line of linesOf(await request(path, { signal }))) {
        if (line.id !== undefined) heard(line);
        // The first number alone says that from here on nothing is missed: now the list is true.
        if (cursor === undefined && line.event !== undefined) await loadRows();
        cursor = line.event ?? cursor;
      }
    } catch (why) {
      if (signal.aborted) return;
      if (why instanceof Refused && why.answer.error !== 'too_many') return;
      if (why instanceof Refused) {  // as many follow as can: this page asks now and then instead
        pause = 10;
        await loadRows().catch(() => {});
      }
      askStatus();
    }
    await inSeconds(pause);
  }
}

async function loadRows() {
  for await (const row of linesOf(await request('/v1/messages'))) put(row);
  told('rows');
}

function put(row) {
  rows.set(row.id, { ...rows.get(row.id), ...row });
  if (rows.size <= 2 * kRowsMax) return;
  const ended = [...rows.values()].filter((one) => !isLive(one)).sort((a, b) => a.id - b.id);
  for (const one of ended.slice(0, -kRowsMax)) rows.delete(one.id);
}

const stale = new Set();

function heard(line) {
  put(line);
  stale.add(line.id);
  told('rows');
  if (stale.size === 1) setTimeout(freshen, 200);
}

// An event says less than the row: since when, what next, by whom.
async function freshen() {
  const ids = [...stale].slice(-20);
  stale.clear();
  askStatus();
  for (const id of ids) await loadRow(id).catch(() => {});
}

async function loadRow(id) {
  put(await call(`/v1/messages/${id}`));
  told('rows');
}

// While the device is offline nothing happens to a message, and yet what it waits for changes.
let waitedFor;
addEventListener('status', () => {
  const now = status && JSON.stringify([status.network.reason, status.channel.reason, status.paused]);
  if (now === waitedFor || away) return;
  if (waitedFor !== undefined) {
    objects('/v1/messages?state=queued').then((found) => { found.forEach(put); told('rows'); }, () => {});
  }
  waitedFor = now;
});

const isLive = (row) => ['queued', 'sending', 'uncertain', 'held'].includes(row.state);
const needsDecision = (row) => row.state === 'held';

// --- What this page handed over ------------------------------------------------------------------

// The agent's answers hold no texts; to show and to change what was just sent the page remembers
// its own, as long as this tab lives.
const kTakenKept = 'fieldpost.taken';
const kTakenMax = 50;

const takenHere = (id) => (kept(kTakenKept) ?? []).find((one) => one.id === id);

function remember(taken) {
  const others = (kept(kTakenKept) ?? []).filter((one) => one.id !== taken.id);
  keep(kTakenKept, [...others, taken].slice(-kTakenMax));
}
