'use strict';

const at = id => document.getElementById(id);
const introspection = `{ __schema { types { name kind description
  fields { name description type { ...T } args { name type { ...T } } }
  inputFields { name type { ...T } } enumValues { name } possibleTypes { name } } } }
fragment T on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }`;

let running = null;
let types = [];

at('query').value = `# Ctrl+Enter runs it; a subscription runs until it is stopped.
{
  users(first: 5) {
    nodes {
      name
      email
      posts(first: 3) { nodes { text createdAt } }
    }
    pageInfo { hasNextPage endCursor }
  }
}`;

// The key stays in this tab, and goes nowhere but to this server.
at('key').value = sessionStorage.getItem('key') || '';
at('key').addEventListener('change', () => sessionStorage.setItem('key', at('key').value));

async function send(body, accept, signal) {
  const headers = { ...JSON.parse(at('headers').value || '{}'), 'Content-Type': 'application/json', Accept: accept };
  if (at('key').value) headers.Authorization = `Bearer ${at('key').value.trim()}`;
  return fetch('/graphql', { method: 'POST', headers, body: JSON.stringify(body), signal });
}

async function show(response) {
  const text = await response.text();
  at('status').textContent = `${response.status}`;
  try { at('result').textContent = JSON.stringify(JSON.parse(text), null, 2); } catch { at('result').textContent = text; }
}

async function listen(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  at('result').textContent = '';
  let kept = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const blocks = (kept + value).split('\n\n');
    kept = blocks.pop();
    for (const block of blocks) {
      const data = block.match(/^event: next\ndata: (.*)$/m);
      if (data) at('result').textContent = `${JSON.stringify(JSON.parse(data[1]), null, 2)}\n\n${at('result').textContent}`.slice(0, 200000);
    }
  }
}

async function run() {
  running?.abort();
  running = new AbortController();
  at('stop').disabled = false;
  at('status').textContent = 'running';
  try {
    const body = { query: at('query').value, variables: JSON.parse(at('variables').value || '{}') };
    const response = await send(body, 'application/graphql-response+json, text/event-stream', running.signal);
    if (response.headers.get('Content-Type')?.startsWith('text/event-stream')) {
      at('status').textContent = 'listening';
      await listen(response);
    } else {
      await show(response);
    }
  } catch (problem) {
    at('status').textContent = problem.name === 'AbortError' ? 'stopped' : `${problem.message}`;
  }
  at('stop').disabled = true;
}

const named = type => type.kind === 'NON_NULL' ? `${named(type.ofType)}!` : type.kind === 'LIST' ? `[${named(type.ofType)}]` : type.name;

function draw() {
  const wanted = at('filter').value.toLowerCase();
  const box = at('schema');
  box.replaceChildren();
  for (const type of types) {
    const members = [...(type.fields || []), ...(type.inputFields || []), ...(type.enumValues || []), ...(type.possibleTypes || [])];
    if (wanted && ![type, ...members].some(one => one.name.toLowerCase().includes(wanted))) continue;
    const details = document.createElement('details');
    details.open = Boolean(wanted) || type.name === 'Query';
    details.append(line('summary', '', type.name));
    if (type.description) details.append(line('div', 'says', type.description));
    for (const one of members) {
      const args = one.args?.length ? `(${one.args.map(arg => `${arg.name}: ${named(arg.type)}`).join(', ')})` : '';
      details.append(line('div', 'field', `${one.name}${args}${one.type ? `: ${named(one.type)}` : ''}`));
      if (one.description) details.append(line('div', 'says', one.description));
    }
    box.append(details);
  }
}

function line(tag, kind, text) {
  const made = document.createElement(tag);
  made.className = kind;
  made.textContent = text;
  return made;
}

async function load() {
  const response = await send({ query: introspection }, 'application/graphql-response+json');
  const answer = await response.json();
  if (!answer.data) {
    at('schema').textContent = answer.detail || answer.errors?.[0].message || `${response.status}`;
    return;
  }
  types = answer.data.__schema.types.filter(type => !type.name.startsWith('_'));
  draw();
}

at('run').addEventListener('click', run);
at('stop').addEventListener('click', () => running?.abort());
at('load').addEventListener('click', load);
at('filter').addEventListener('input', draw);
document.addEventListener('keydown', event => { if (event.ctrlKey && event.key === 'Enter') run(); });
