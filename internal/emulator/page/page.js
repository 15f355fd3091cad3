// SPDX-License-Identifier: MPL-2.0

// Keeps the page up to date while it is looked at: it asks for the same address
// again, and replaces what differs. It also sends the forms of rows and the
// search without leaving the page. All of it works without this script as well.
'use strict';

const beat = 400; // milliseconds between two questions
const pulse = document.getElementById('pulse');
const calm = matchMedia('(prefers-reduced-motion: reduce)');
const said = document.getElementById('said');
let tag = '';
let shown = location.href; // the address of what is shown
let turn = 0; // of the latest question; answers to earlier ones are late
let timer = 0;
let typing = 0;
let saying = 0;

document.documentElement.classList.add('scripted');

// keyOf is a node's id. A form's own property would be its field of that name.
function keyOf(node) {
  return node.nodeType === Node.ELEMENT_NODE && node.getAttribute('id') || '';
}

// sameKey tells whether two nodes stand for the same thing.
function sameKey(a, b) {
  return a.nodeType === b.nodeType && a.nodeName === b.nodeName && keyOf(a) === keyOf(b);
}

// touched tells whether a form holds what nobody has sent yet.
function touched(form) {
  return [...form.elements].some((e) =>
    e === document.activeElement && e.matches('input, textarea, select') ||
    e.matches('input, textarea') && (e.value !== e.defaultValue || e.checked !== e.defaultChecked));
}

// patch makes a node like another one, and leaves alone what is the same, so
// that focus, selection and scroll position stay.
function patch(now, next) {
  if (now.isEqualNode(next)) return;
  if (now.nodeType !== Node.ELEMENT_NODE) {
    now.nodeValue = next.nodeValue;
    return;
  }
  if (now.nodeName === 'FORM' && touched(now)) return;
  for (const { name } of [...now.attributes]) if (!next.hasAttribute(name)) now.removeAttribute(name);
  for (const { name, value } of next.attributes) if (now.getAttribute(name) !== value) now.setAttribute(name, value);
  patchChildren(now, next);
  mark(now);
}

// mark lets a row light up for a moment that is new or has changed, and not only
// been asked for just now.
function mark(row) {
  if (row.nodeName !== 'TR' || calm.matches || shown !== location.href) return;
  const backgroundColor = getComputedStyle(row).getPropertyValue('--fresh');
  for (const cell of row.cells) cell.animate([{ backgroundColor }, {}], { duration: 2500, easing: 'ease-out' });
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
      if (known) mark(added);
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

// show brings all live parts of the page in line with an answer.
function show(html) {
  const next = new DOMParser().parseFromString(html, 'text/html');
  const focused = document.activeElement;
  for (const part of next.querySelectorAll('[data-live]')) {
    const now = document.getElementById(part.id);
    if (now) patch(now, part);
  }
  const back = next.querySelector('#act input[name=back]');
  if (back) document.querySelector('#act input[name=back]').value = back.value;
  document.title = next.title;
  shown = location.href;
  if (focused && focused.isConnected && focused !== document.activeElement) focused.focus({ preventScroll: true });
}

// ask gets the page again if it changed, and then waits for the next beat.
async function ask() {
  clearTimeout(timer);
  const mine = ++turn;
  try {
    const answer = await fetch(location.pathname + location.search, { cache: 'no-store', headers: { 'If-None-Match': tag } });
    if (answer.status !== 304) {
      const html = await answer.text();
      if (mine !== turn) return;
      tag = answer.headers.get('Etag') || '';
      show(html);
    }
    pulse.textContent = 'Live';
    pulse.dataset.mood = 'good';
  } catch {
    pulse.textContent = 'The emulator does not answer';
    pulse.dataset.mood = 'bad';
  }
  if (mine === turn && !document.hidden) timer = setTimeout(ask, beat);
}

// go shows another address without loading the page anew.
function go(url) {
  if (url === location.pathname + location.search) return;
  history.replaceState(null, '', url);
  tag = '';
  ask();
}

document.addEventListener('submit', async (event) => {
  const form = event.target;
  if (form.dataset.search !== undefined) {
    event.preventDefault();
    search(form);
    return;
  }
  if (form.dataset.stay === undefined) return;
  event.preventDefault();
  const button = event.submitter;
  const announcement = button.dataset.said;
  const mine = ++turn; // what is under way is out of date
  try {
    const answer = await fetch(button.hasAttribute('formaction') ? button.formAction : form.action,
      { method: 'POST', body: new URLSearchParams(new FormData(form, button)) });
    const problem = answer.ok ? null : new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('problem');
    say(answer.ok ? announcement : 'That did not work: ' + (problem ? problem.textContent : answer.statusText));
  } catch {
    say('That did not work: the emulator does not answer.');
  }
  if (mine === turn) {
    tag = '';
    ask();
  }
});

// say tells for a while what an action did.
function say(text) {
  clearTimeout(saying);
  said.textContent = text;
  saying = setTimeout(() => { said.textContent = ''; }, 8000);
}

// search asks for the rows that the form describes.
function search(form) {
  const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ''));
  go(query.size ? '/?' + query : '/');
}

document.addEventListener('input', ({ target }) => {
  if (!target.form || target.form.dataset.search === undefined) return;
  clearTimeout(typing);
  typing = setTimeout(search, 150, target.form);
});

document.addEventListener('visibilitychange', () => {
  if (!document.hidden) ask();
});

ask();
