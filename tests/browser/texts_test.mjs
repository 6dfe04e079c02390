// The panel's texts and size, without a browser.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const read = (name) => readFileSync(path.join(root, name), 'utf8');
const panel = (name) => read(`agent/panel/${name}`);

const texts = JSON.parse(panel('texts.json'));
const scripts = readdirSync(path.join(root, 'agent/panel/script')).sort().map((name) => panel(`script/${name}`));
const usual = (language) => Object.keys(texts[language].words).filter((key) => !key.startsWith('said.'));
const named = (source, list) => source.match(list)[1].match(/[a-z_]+(?= = \d)/g);

it('every language has every text, with the same values in it', () => {
  const values = (text) => JSON.stringify(text).match(/\{\w+\}/g)?.sort() ?? [];
  for (const [language, { words }] of Object.entries(texts)) {
    assert.deepEqual(usual(language).sort(), usual('en').sort(), language);
    for (const key of usual('en')) {
      assert.deepEqual(new Set(values(words[key])), new Set(values(texts.en.words[key])), `${language}: ${key}`);
    }
  }
});

it('every state and every reason has its words', () => {
  const source = read('agent/message/state.h');
  for (const state of named(source, /enum class State[^{]*\{([^}]*)\}/)) assert.ok(texts.en.words[`states.${state}`], state);
  for (const reason of named(source, /enum class Reason[^{]*\{([^}]*)\}/)) {
    if (reason !== 'none') assert.ok(texts.en.words[`reasons.${reason}`], reason);
  }
});

it('every language but English has what the agent says about a field', () => {
  const sentences = read('agent/scenario/rule.cc').match(/kSentences =([^;]*);/)[1]
    .match(/"(.*)\\n"/g).map((line) => line.slice(1, -3)).filter(Boolean);
  assert.ok(sentences.length > 10);
  for (const [language, { words }] of Object.entries(texts)) {
    if (language === 'en') continue;
    for (const sentence of sentences) assert.ok(words[`said.${sentence}`], `${language}: ${sentence}`);
  }
});

it('every text is used, and every text that is used is there', () => {
  const script = scripts.join('');
  const used = [...script.matchAll(/'([a-z]+\.[a-z_]+)'/g)].map((found) => found[1])
    .filter((key) => !key.startsWith('fieldpost.'));
  for (const key of used) assert.ok(texts.en.words[key], key);
  const built = ['states.', 'reasons.', 'errors.', 'scenarios.', 'fields.', 'hints.', 'list.', 'message.', 'kiosk.'];
  for (const key of usual('en')) {
    assert.ok(built.some((start) => key.startsWith(start)) || used.includes(key) || script.includes(`t('${key}')`), `${key} is not used`);
  }
});

it('all of it fits into 40 KB, compressed', () => {
  const parts = [panel('index.html'), panel('panel.css'), panel('texts.json'), scripts.join('')];
  const bytes = parts.map((part) => gzipSync(part, { level: 9 }).length).reduce((a, b) => a + b);
  console.log(`${bytes} bytes`);
  assert.ok(bytes <= 40 * 1024);
});

it('nothing in it needs what its policy forbids', () => {
  const page = panel('index.html');
  assert.doesNotMatch(page, /<style|<script(?! type="module" src)|\son\w+=|style=/);
  assert.doesNotMatch(scripts.join(''), /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|style\./);
});
