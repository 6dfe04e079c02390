// What a form is made of: a field, and what the customer will read.

// One field with its label, its hint and what is wrong with it.
function fieldOf(name, label, hint, value, attributes, changed) {
  const id = `field-${name}`;
  const input = h(attributes.type ? 'input' : 'textarea', {
    id, name, required: true, autocomplete: 'off', 'aria-describedby': `${id}-hint ${id}-wrong`, ...attributes,
  });
  input.value = value;
  const wrong = h('p', { id: `${id}-wrong`, class: 'wrong' });
  const note = h('p', { id: `${id}-hint`, class: 'hint' }, hint);
  const field = {
    name, input, note, touched: false,
    element: h('div', { class: 'field' }, h('label', { for: id }, label), note, input, wrong),
    complain(words) {
      if (wrong.textContent !== words) wrong.textContent = words;
      input.setAttribute('aria-invalid', words !== '');
    },
  };
  input.addEventListener('input', () => {
    // A template's values have no line breaks; pasted ones become what they look like.
    if (input.value.includes('\n')) input.value = input.value.replace(/\s*\n\s*/g, ' ');
    field.complain('');
    changed(input.value);
  });
  input.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && !event.isComposing && input.localName === 'textarea') {
      event.preventDefault();
      input.form.requestSubmit();
    }
  });
  return field;
}

// As the agent's lists have it.
const masked = (number) => `${number.slice(0, 4)}•••${number.slice(-4)}`;

// Drawn here with every letter; what the agent then says about it is the truth.
function previewOf(scenario) {
  const text = h('p', { class: 'bubble', dir: 'auto' });
  const mark = h('p', { class: 'mark' });
  return {
    element: h('section', { class: 'preview' }, h('h2', {}, kioskWords('preview', t('form.preview'))), text, mark),
    text: () => text.textContent,
    draw(draft) {
      const pieces = (scenario.text ?? scenario.fields.map((_, i) => `{{${i + 1}}}`).join('\n')).split(/\{\{(\d+)\}\}/);
      text.replaceChildren(...pieces.map((piece, i) => {
        const field = i % 2 === 1 ? scenario.fields[piece - 1] : undefined;
        if (!field) return i % 2 === 1 ? `{{${piece}}}` : piece;
        const value = draft.fields[field.name];
        return value || h('span', { class: 'missing' }, labelOf(field.name));
      }));
    },
    unchecked() {
      mark.textContent = t('form.unchecked');
      mark.className = 'mark';
    },
    checked(answer) {
      const known = answer.text !== undefined && !answer.approximate;
      mark.textContent = t(known ? 'form.approved' : 'form.approximate');
      mark.className = known ? 'mark approved' : 'mark';
    },
  };
}
