// SPDX-License-Identifier: MPL-2.0

// Keeps the page up to date while it is looked at: it asks for the same address
// again, and replaces what differs. It also sends the forms of rows and the
// search without leaving the page. All of it works without this script as well.
'use strict';

const beat = 400; // milliseconds between two questions
const pulse = document.getElementById('pulse');
const said = document.getElementById('said');
let tag = '';
let turn = 0; // of the latest question; answers to earlier ones are late
let timer = 0;

document.documentElement.classList.add('scripted');

// sameKey tells whether two nodes stand for the same thing.
function sameKey(a, b) {
  return a.nodeType === b.nodeType && a.nodeName === b.nodeName && (a.id || '') === (b.id || '');
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
  if (now.nodeName === 'TR') {
    now.classList.remove('fresh');
    void now.offsetWidth; // lets the animation begin again
    now.classList.add('fresh');
  }
}

function patchChildren(now, next) {
  const keyed = new Map();
  for (const child of now.children) if (child.id) keyed.set(child.id, child);
  let at = now.firstChild;
  for (const wanted of [...next.childNodes]) {
    let have = wanted.id ? keyed.get(wanted.id) : at;
    if (have && (!sameKey(have, wanted) || (!wanted.id && have.id))) have = null;
    if (!have) {
      const added = document.importNode(wanted, true);
      if (added.nodeName === 'TR' && keyed.size) added.classList.add('fresh');
      now.insertBefore(added, at);
      continue;
    }
    if (have === at) at = at.nextSibling;
    else now.insertBefore(have, at);
    keyed.delete(wanted.id);
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
    said.textContent = answer.ok ? announcement : 'That did not work: ' + (problem ? problem.textContent : answer.statusText);
    said.dataset.mood = answer.ok ? 'good' : 'bad';
  } catch {
    said.textContent = 'That did not work: the emulator does not answer.';
    said.dataset.mood = 'bad';
  }
  if (mine === turn) {
    tag = '';
    ask();
  }
});

// search asks for the rows that the form describes.
function search(form) {
  const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ''));
  go(query.size ? '/?' + query : '/');
}

let typing = 0;
document.addEventListener('input', ({ target }) => {
  if (!target.form || target.form.dataset.search === undefined) return;
  clearTimeout(typing);
  typing = setTimeout(search, 150, target.form);
});

document.addEventListener('visibilitychange', () => {
  if (!document.hidden) ask();
});

ask();
