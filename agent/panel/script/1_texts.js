// The panel of a device. These files are joined in the order of their names into /panel.js.
//
// Every word for people stands in /texts.json, by language.

const kLanguageKept = 'fieldpost.language';

let texts = {};
let language = 'en';
let region = 'en';  // 12 or 24 hours, as the person's own country has it

async function loadTexts() {
  texts = await (await fetch('/texts.json')).json();
  const kept = localStorage.getItem(kLanguageKept) ?? '';
  const wanted = [kept, ...navigator.languages.map((one) => one.split('-')[0])];
  useLanguage(wanted.find((one) => Object.hasOwn(texts, one)) ?? 'en');
}

function useLanguage(code) {
  language = code;
  region = navigator.languages.find((one) => one.split('-')[0] === code) ?? code;
  document.documentElement.lang = code;
  document.documentElement.dir = texts[code].dir;
}

function keepLanguage(code) {
  localStorage.setItem(kLanguageKept, code);
  useLanguage(code);
}

// The text of a key with its {values}; `instead` where there is none, as for a state or a scenario
// that this page does not know. {n} also chooses between one and many.
function t(key, values = {}, instead = key) {
  const own = texts[language].words;
  let text = own[key] ?? texts.en.words[key];
  if (text === undefined) return instead;
  if (typeof text === 'object') text = text[new Intl.PluralRules(language).select(values.n)] ?? text.other;
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '');
}

const stateWords = (state) => t(`states.${state}`, {}, state);
const reasonWords = (reason) => t(`reasons.${reason}`, {}, reason);

function titleOf(scenario) {
  return t(`scenarios.${scenario.scenario}.title`, {}, scenario.title ?? scenario.scenario);
}

// The person at a kiosk is the customer.
const kioskWords = (name, usual) => (isKiosk ? t(`kiosk.${name}`, {}, usual) : usual);

// A configured scenario's own field has no text here: nextStep reads "Next step".
function labelOf(field) {
  const words = field.replace(/([A-Z])/g, ' $1').replace(/[_-]/g, ' ').trim().toLowerCase();
  return kioskWords(field, t(`fields.${field}`, {}, words.charAt(0).toUpperCase() + words.slice(1)));
}

// What the agent said about a field, in the person's language where the sentence is known.
function sentenceOf(answer) {
  const { field = '', message = '', error } = answer;
  const said = message.startsWith(`${field}: `) ? message.slice(field.length + 2) : message;
  const words = t(`said.${said}`, {}, field === '' ? t(`errors.${error}`, {}, said) : said);
  return words.charAt(0).toLocaleUpperCase(language) + words.slice(1);
}

function age(seconds) {
  const [unit, one] = seconds < 90 ? ['second', 1] : seconds < 5400 ? ['minute', 60]
    : seconds < 172800 ? ['hour', 3600] : ['day', 86400];
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' })
    .format(Math.floor(seconds / one));
}

// The hour alone stands for today.
function timeOf(when) {
  const date = new Date(when);
  const today = date.toDateString() === new Date().toDateString();
  return new Intl.DateTimeFormat(region, { timeStyle: 'short', ...(today ? {} : { dateStyle: 'medium' }) })
    .format(date);
}
