// Writes numbers.txt and objects.ndjson with V8 as an oracle that shares no code with Roster. Run: node generate.mjs
// A fixed seed: the same files every time. numbers.txt: IEEE bits, String(x), x.toExponential().
import { writeFileSync } from 'node:fs';

let state = 0x5eed1234;
const next = () => { // xorshift32
  state ^= state << 13; state ^= state >>> 17; state ^= state << 5;
  return state >>> 0;
};
const below = n => next() % n;
const pick = list => list[below(list.length)];

const view = new DataView(new ArrayBuffer(8));
const toBits = x => { view.setFloat64(0, x); return view.getBigUint64(0); };
const fromBits = bits => { view.setBigUint64(0, bits); return view.getFloat64(0); };
const randomDouble = () => {
  for (;;) {
    const x = fromBits((BigInt(next()) << 32n) | BigInt(next()));
    if (Number.isFinite(x)) return x;
  }
};

const bits = new Set();
const add = x => { if (Number.isFinite(x)) bits.add(toBits(x)); };
for (let i = 0; i < 600; i++) add(randomDouble());
// Where printers go wrong: around powers of two (uneven gaps) and of ten (form changes), and halves of large integers.
for (let e = -1074; e <= 1023; e++) for (const step of e % 8 ? [0n] : [-1n, 0n, 1n]) add(fromBits(toBits(2 ** e) + step));
for (let e = -30; e <= 30; e++) for (const step of [-1n, 0n, 1n]) add(fromBits(toBits(Number(`1e${e}`)) + step));
for (let i = 0; i < 200; i++) add((next() * 2 ** 21 + below(2 ** 21)) / 2 ** below(40));
writeFileSync(new URL('numbers.txt', import.meta.url),
  [...bits].map(b => `${b.toString(16).padStart(16, '0')} ${String(fromBits(b))} ${fromBits(b).toExponential()}\n`).join(''));

const canonical = value => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value instanceof Map) {
    return `{${[...value.keys()].sort().map(k => `${JSON.stringify(k)}:${canonical(value.get(k))}`).join(',')}}`;
  }
  return JSON.stringify(value);
};

// The same value, written as untidily as RFC 8259 allows.
const space = () => pick(['', '', ' ', '\n', '\t ', '\r\n']);
const hex = unit => `\\u${pick([s => s, s => s.toUpperCase()])(unit.toString(16).padStart(4, '0'))}`;
const untidyString = s => `"${[...s].map(c => {
  if (below(3) === 0) return c.split('').map(u => hex(u.charCodeAt(0))).join('');
  if (c === '/') return pick(['/', '\\/']);
  return JSON.stringify(c).slice(1, -1);
}).join('')}"`;
const untidyNumber = x => {
  const text = String(x);
  return pick([text, text, x.toExponential(), x.toExponential().replace('e', 'E'),
    /[.e]/.test(text) ? text : `${text}.000`]);
};
const untidy = value => {
  if (Array.isArray(value)) return `[${space()}${value.map(untidy).join(`${space()},${space()}`)}${space()}]`;
  if (value instanceof Map) {
    return `{${space()}${[...value].map(([k, v]) => `${untidyString(k)}${space()}:${space()}${untidy(v)}`).join(`${space()},${space()}`)}${space()}}`;
  }
  if (typeof value === 'string') return untidyString(value);
  if (typeof value === 'number') return untidyNumber(value);
  return String(value);
};

const scalars = ['a', 'b', 'Z', '1', '10', '9', '"', '\\', '/', '\b', '\f', '\n', '\r', '\t', '\u0001', '\u001f', '\u007f', '\u0080',
  'é', 'ß', 'דּ', '€', '\u2028', '\ue000', '\ufffd', '\uffff', '😀', '𐀀', '\u{10ffff}'];
const string = () => Array.from({ length: below(6) }, () => pick(scalars)).join('');
const value = depth => {
  switch (below(depth > 0 ? 8 : 5)) {
    case 0: return string();
    case 1: return randomDouble();
    case 2: return pick([0, -0, 1, -1, 0.1, 1e21, 1e-7, below(1e6), -below(1e6) / 8]);
    case 3: return pick([true, false, null]);
    case 4: return string();
    case 5: return Array.from({ length: below(5) }, () => value(depth - 1));
    default: return object(depth - 1);
  }
};
const object = depth => new Map(Array.from({ length: below(7) }, () => [string(), value(depth)]));
const lines = Array.from({ length: 300 }, () => object(4))
  .map(o => `${JSON.stringify({ sent: untidy(o), canonical: canonical(o) })}\n`);
writeFileSync(new URL('objects.ndjson', import.meta.url), lines.join(''));
