// SPDX-License-Identifier: MPL-2.0

// Keeps the page up to date while it is visible: it fetches the page again and replaces
// what differs. It also sends the forms and the search without loading a new page. All of
// it works without this script as well.
'use strict';

const beat = 400; // milliseconds between two fetches
const root = document.documentElement;
const pulse = document.getElementById('pulse');
const said = document.getElementById('said');
const sure = document.getElementById('sure');
const calm = matchMedia('(prefers-reduced-motion: reduce)');
let tag = ''; // ETag of the answer that is shown
let held = ''; // the latest answer, if some of its rows are held back
let turn = 0; // number of the latest fetch; earlier answers are dropped
let timer = 0;
let typing = 0;
let saying = 0;
let shown = ''; // address of the view that is shown
let flashed = -Infinity; // time of the last highlighting of rows
let acted = false; // true while the answer to the user's own action is shown

root.classList.add('scripted');
if (location.pathname !== '/' || new URLSearchParams(location.search).has('done')) {
  history.replaceState(null, '', root.dataset.address); // the address of a view, not of the form that led here
}

const parse = (html) => new DOMParser().parseFromString(html, 'text/html');
const address = () => location.pathname + location.search;
shown = address();

// keyOf is a node's id. form.id would be a field named "id".
function keyOf(node) {
  return node.nodeType === Node.ELEMENT_NODE && node.getAttribute('id') || '';
}

// sameKey reports whether two nodes have the same type, name and id.
function sameKey(a, b) {
  return a.nodeType === b.nodeType && a.nodeName === b.nodeName && keyOf(a) === keyOf(b);
}

// touched reports whether a form has unsent or rejected input.
function touched(form) {
  return !!form.querySelector('[aria-invalid], .conflict') || [...form.elements].some((e) =>
    e === document.activeElement && e.matches('input, textarea, select') ||
    e.matches('input, textarea') && (e.value !== e.defaultValue || e.checked !== e.defaultChecked));
}

// holds reports whether the rows of a list must keep their positions, since the pointer is
// over them or the keyboard focus is in them. If the user has just removed a row by
// keyboard, the row is removed at once and the focus moves on.
function holds(list) {
  return list.dataset.hold !== undefined && shown === address() && (list.matches(':hover') || !acted && !!list.querySelector(':focus-visible'));
}

// Patching changes a part of the page into that of an answer. It leaves equal nodes alone,
// so that focus, selection and scroll position stay.

const changedAt = new WeakMap(); // time at which a button appeared or changed
let waiting = false; // some rows are held back
let fresh = 0; // number of new rows that are not shown yet
let gone = 0; // number of removed rows that are still shown
let marked = []; // rows to highlight

function patch(now, next) {
  if (now.isEqualNode(next)) return;
  if (now.nodeType !== Node.ELEMENT_NODE) {
    now.nodeValue = next.nodeValue;
    return;
  }
  if (now.nodeName === 'FORM' && touched(now)) return;
  if (now.nodeName === 'BUTTON' && now.getAttribute('formaction') !== next.getAttribute('formaction')) changedAt.set(now, performance.now());
  for (const { name } of [...now.attributes]) if (!next.hasAttribute(name)) now.removeAttribute(name);
  for (const { name, value } of next.attributes) if (now.getAttribute(name) !== value) now.setAttribute(name, value);
  if (holds(now)) patchInPlace(now, next);
  else patchChildren(now, next);
  if (now.matches('textarea, input:not([type=checkbox])')) now.value = now.defaultValue;
  if (now.nodeName === 'TR') marked.push(now);
}

// patchInPlace patches the existing rows, and records the rows that are held back.
function patchInPlace(now, next) {
  const wanted = new Map([...next.children].map((row) => [keyOf(row), row]));
  const left = [];
  for (const row of now.children) {
    const want = wanted.get(keyOf(row));
    if (want) patch(row, want);
    else left.push(row);
    wanted.delete(keyOf(row));
  }
  for (const row of left) row.classList.add('gone');
  waiting = true;
  if (now.closest('main')) {
    fresh += wanted.size;
    gone += left.length;
  }
}

function patchChildren(now, next) {
  const keyed = new Map();
  for (const child of now.children) if (keyOf(child)) keyed.set(keyOf(child), child);
  const known = keyed.size > 0; // else all rows are new
  const kept = new Set([...next.children].map(keyOf));
  for (const [key, child] of keyed) if (!kept.has(key)) child.remove();
  let at = now.firstChild;
  for (const wanted of [...next.childNodes]) {
    const key = keyOf(wanted);
    let have = key ? keyed.get(key) : at;
    if (have && !sameKey(have, wanted)) have = null;
    if (!have) {
      const added = document.importNode(wanted, true);
      now.insertBefore(added, at);
      if (known && added.nodeName === 'TR') marked.push(added);
      continue;
    }
    if (have === at) at = at.nextSibling;
    else now.insertBefore(have, at);
    keyed.delete(key);
    patch(have, wanted);
  }
  while (at) {
    const last = at;
    at = at.nextSibling;
    last.remove();
  }
}

// light highlights the rows that are new or have changed for a moment. It does nothing if
// there are many, or shortly after the last highlighting.
function light() {
  const rows = marked.filter((row) => row.parentElement && row.parentElement.dataset.flash !== undefined);
  marked = [];
  const pause = performance.now() - flashed;
  if (rows.length) flashed = performance.now();
  if (calm.matches || shown !== address() || rows.length > 8 || pause < 1500) return;
  const backgroundColor = getComputedStyle(root).getPropertyValue('--fresh');
  for (const row of rows) for (const cell of row.cells) cell.animate([{ backgroundColor }, {}], { duration: 2500, easing: 'ease-out' });
}

// keepFocus runs a change of the page. If that removes the focused element, it moves the
// focus to an element near it.
function keepFocus(work) {
  const focused = document.activeElement;
  const row = focused.closest('tr, li');
  const near = row ? [row] : [];
  for (let r = row; r; r = r.nextElementSibling) near.push(r);
  for (let r = row; r; r = r.previousElementSibling) near.push(r);
  work();
  if (focused === document.body || focused.isConnected && focused === document.activeElement) return;
  if (focused.isConnected) focused.focus({ preventScroll: true });
  if (document.activeElement !== document.body) return;
  const next = near.find((r) => r.isConnected && r.querySelector('a[href], button'));
  (next ? next.querySelector('a[href], button') : document.getElementById('main')).focus({ preventScroll: true });
}

// show patches all live parts of the page with an answer.
function show(html) {
  const next = parse(html);
  if (next.documentElement.dataset.instance !== root.dataset.instance) {
    if (![...document.querySelectorAll('[data-form]')].some(touched)) location.reload();
    root.dataset.instance = next.documentElement.dataset.instance;
  }
  waiting = false;
  fresh = gone = 0;
  keepFocus(() => {
    for (const part of next.querySelectorAll('[data-live]')) {
      const now = document.getElementById(part.id);
      if (now) patch(now, part);
    }
  });
  const back = next.querySelector('#act input[name=back]');
  if (back) document.querySelector('#act input[name=back]').value = back.value;
  document.title = next.title;
  light();
  shown = address();
  held = waiting ? html : '';
  const news = document.getElementById('news');
  if (news) {
    news.hidden = !fresh && !gone;
    news.textContent = fresh ? fresh + ' new' : gone + ' gone';
  }
}

// release shows the rows that are held back, as soon as the list may move.
function release() {
  if (held && ![...document.querySelectorAll('[data-hold]')].some(holds)) show(held);
}

// update fetches the page if it has changed, and schedules the next update.
async function update() {
  clearTimeout(timer);
  const mine = ++turn;
  try {
    const answer = await fetch(address(), { cache: 'no-store', headers: { 'If-None-Match': tag } });
    const html = answer.status === 304 ? '' : await answer.text();
    if (mine !== turn) return;
    if (html) {
      tag = answer.headers.get('Etag') || '';
      show(html);
    } else release();
    pulse.textContent = 'Live';
    pulse.dataset.mood = 'good';
  } catch {
    if (mine !== turn) return;
    pulse.textContent = 'The emulator does not answer';
    pulse.dataset.mood = 'bad';
  }
  if (!document.hidden) timer = setTimeout(update, beat);
}

// go shows another address without loading a new page.
function go(url) {
  if (url === address()) return;
  history.replaceState(null, '', url);
  tag = '';
  update();
}

// send sends a form and shows the answer: the confirmation, the errors of the form, or the
// question before an irreversible action.
async function send(form, button) {
  const mine = ++turn; // drops the answer of a running update
  clearTimeout(timer);
  let html = '';
  try {
    const answer = await fetch(button.getAttribute('formaction') || form.getAttribute('action'),
      { method: 'POST', body: new URLSearchParams(new FormData(form, button)) });
    html = await answer.text();
  } catch {
    say('That did not work: the emulator does not answer.');
  }
  const next = parse(html);
  const asked = next.getElementById('asked');
  if (asked) {
    sure.replaceChildren(document.importNode(asked, true));
    appeared(sure);
    sure.showModal();
    sure.querySelector('[data-cancel]').focus();
  } else if (next.getElementById('said')) {
    say(...document.importNode(next.getElementById('said'), true).childNodes);
    if (form.dataset.form !== undefined) renew(form, next.getElementById(keyOf(form)));
    acted = true;
    if (mine === turn) show(html);
    acted = false;
  } else if (html) say('That did not work.');
  tag = '';
  if (mine === turn) update();
}

// renew replaces a sent form by the form in the answer.
function renew(form, fresh) {
  if (!fresh) return;
  const at = [...form.elements].indexOf(document.activeElement);
  fresh = document.importNode(fresh, true);
  form.replaceWith(fresh);
  const wrong = fresh.querySelector('[aria-invalid]');
  const next = wrong || fresh.elements[Math.min(at, fresh.elements.length - 1)];
  if (at >= 0 && next) next.focus({ preventScroll: !wrong });
}

// say shows a message for a while.
function say(...words) {
  said.replaceChildren(...words);
  appeared(said);
  hush();
}

// appeared records that the buttons of a part of the page are new, since they may have
// appeared under the pointer.
function appeared(part) {
  for (const button of part.querySelectorAll('button')) changedAt.set(button, performance.now());
}

function hush() {
  clearTimeout(saying);
  saying = setTimeout(() => {
    if (said.matches(':hover, :focus-within')) hush();
    else said.replaceChildren();
  }, 8000);
}

document.addEventListener('submit', (event) => {
  const form = event.target;
  if (form.dataset.search !== undefined) {
    event.preventDefault();
    search(form);
    return;
  }
  if (form.dataset.stay === undefined && form.dataset.form === undefined) return;
  event.preventDefault();
  const button = event.submitter;
  if (performance.now() - (changedAt.get(button) || -1000) < 500) {
    if (!said.contains(button)) say('Nothing was done: the button changed just before the click.');
    return;
  }
  if (sure.open) sure.close();
  send(form, button);
});

// search shows the rows that the form selects.
function search(form) {
  const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ''));
  go(query.size ? '/?' + query : '/');
}

document.addEventListener('input', ({ target }) => {
  if (!target.form || target.form.dataset.search === undefined) return;
  clearTimeout(typing);
  typing = setTimeout(search, 150, target.form);
});

document.addEventListener('click', async (event) => {
  const { target } = event;
  if (target.closest('[data-cancel]') && sure.open) {
    event.preventDefault();
    sure.close();
  }
  const copy = target.closest('[data-copy]');
  if (copy) {
    try {
      await navigator.clipboard.writeText(copy.dataset.copy);
      say('Copied.');
    } catch {
      getSelection().selectAllChildren(copy.previousElementSibling);
      say('Selected, to be copied.');
    }
  }
  if (target.closest('[data-more]')) {
    const rows = target.form.querySelectorAll('.pair');
    const added = rows[rows.length - 1].cloneNode(true);
    for (const field of added.children) field.value = field.textContent = '';
    rows[rows.length - 1].after(added);
    added.firstElementChild.focus();
  }
  if (target.id === 'news') document.getElementById('main').focus({ preventScroll: true });
  release();
});

for (const moved of ['pointerover', 'focusin', 'focusout']) document.addEventListener(moved, () => setTimeout(release));
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) update();
});

hush();
if (!document.querySelector('main #asked')) update(); // a question stays until it is answered
