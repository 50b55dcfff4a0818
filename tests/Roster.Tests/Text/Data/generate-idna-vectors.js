// Writes idna-vectors.tsv.gz: input, a tab, ToASCII or "!"; both as JSON strings.
// The oracle is the npm package tr46 4.1.1 (Unicode 15.0.0), installed where NODE_PATH points to.
// Usage: node generate-idna-vectors.js
"use strict";
const fs = require("fs");
const path = require("path");
const zlib = require("zlib");
const tr46 = require("tr46");
const punycode = require("punycode/");
const table = require("tr46/lib/mappingTable.json");

const options = { checkBidi: true, checkJoiners: true, useSTD3ASCIIRules: true, verifyDNSLength: true };

// Roster refuses more than tr46: hyphens at either end of a label, and Punycode that is not what encoding gives.
function oracle(input) {
  const ascii = tr46.toASCII(input, options);
  if (ascii === null) return null;
  const mapped = tr46.toUnicode(input, { ...options, verifyDNSLength: undefined }).domain;
  if (mapped.split(".").some(label => /^-|-$|^xn--/.test(label))) return null;
  // A label that came as Punycode must leave unchanged: compare with what was written, mapped but not decoded.
  const written = [...input.normalize("NFC")].map(mapOne).join("").normalize("NFC").split(".");
  const left = ascii.split(".");
  return written.every((label, i) => !label.startsWith("xn--") || label === left[i]) ? ascii : null;
}

function mapOne(character) {
  const point = character.codePointAt(0);
  const row = table.find(([range]) => (Array.isArray(range) ? range[0] <= point && point <= range[1] : range === point));
  return row[1] === 1 ? row[2] : row[1] === 7 ? "" : character;
}

let state = 20221;
function random(limit) { // mulberry32: the same vectors on every run
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) % limit;
}
const pick = list => list[random(list.length)];
const times = (count, make) => Array.from({ length: count }, make);

const byStatus = s => table.filter(r => s.includes(r[1]));
const rows = { valid: byStatus([2, 6]), mapped: byStatus([1]), any: table.filter(r => !inSurrogates(r)) };
function inSurrogates([range]) { const first = [].concat(range)[0]; return first >= 0xd800 && first <= 0xdfff; }
function from(list) {
  const range = [].concat(pick(list)[0]);
  const point = range[0] + random((range[1] ?? range[0]) - range[0] + 1);
  return point >= 0xd800 && point <= 0xdfff ? "a" : String.fromCodePoint(point);
}

const alphabets = [
  "abcxyz019-", "ABCäöüÄÖÜßẞçé", "αβγςσΣΩάΌ", "абвгдЖЩё", "אבגדה0123", "ابتثجح٠١٢۰۱۲", "هه‌مي‍ـ\u0300", "क्‍ष‌त्र", "中文网络한국어",
  "ab\u0301\u0308\u0327", "。．｡.", "ＡＢｃ１２", "\u00ad\u200b\ufe0f😀🇩🇪", "xn--abc", "ދިވެހި", "ⅣⅧ㎏ﬁ²", "\u0345\u1ab0\u0b4dஂ", "-_!~ +",
].map(a => [...a]);

function label() {
  const count = 1 + random(random(20) === 0 ? 70 : 9);
  switch (random(8)) {
    case 0: return times(count, () => from(rows.valid)).join("");
    case 1: return times(count, () => from(rows.mapped)).join("");
    case 2: return times(count, () => pick(pick(alphabets))).join("");
    case 3: { const one = pick(alphabets); return times(count, () => pick(one)).join("") + (random(6) ? "" : from(rows.any)); }
    case 4: return `xn--${punycode.encode(times(1 + random(6), () => from(rows.valid)).join(""))}`;
    case 5: return `xn--${times(1 + random(9), () => pick([..."abcdefghijklmnopqrstuvwxyz0123456789-"])).join("")}`;
    case 6: return `${pick(["X", "x"])}n--${punycode.encode(times(1 + random(4), () => pick(pick(alphabets))).join("")).toUpperCase()}`;
    default: { const one = pick(alphabets); return times(count, () => pick(one)).join(""); }
  }
}

const joiners = ["\u200c", "\u200d"].flatMap(j => ["ب", "ا", "क", "क्", "ـ", "ب\u064b", "a", ""].flatMap(before =>
  ["ب", "ا", "ष", "\u064bب", "a", "", "ܐ"].map(after => before + j + after)));
const fixed = [
  "", ".", "a.", ".a", "a..b", "localhost", "EXAMPLE.com", "MÜNCHEN.de", "xn--mnchen-3ya.de", "XN--MNCHEN-3YA.DE", "straße.de", "STRASSE.de",
  "STRAẞE.de", "βόλος.com", "ΒΌΛΟΣ.com", "日本語。ＪＰ", "a-.b", "-a.b", "ab--cd.de", "xn--", "xn---", "xn--a-", "xn--a", "xn--ü", "xn--xn---epa",
  "xn--xn--0-sra", "a_b.de", "faß.de", "1.א", "א1.b", "א٠1", "0א", "à́.de", "\u0301a.de", "a\u2024b", "a≠b", "𝔞𝔟.de", "K.de", "ſ.de", "İ.de", "ı.de",
  "☃.net", "💩.la", "👨‍👩‍👧.ws", "\u00ad", "a\u00adb", "\u200d", "Ⅷ.de", "１２７.０.０.１", "127.0.0.1", "[::1]",
  "a".repeat(63), "a".repeat(64), "ü".repeat(56), "ü".repeat(59), "ü".repeat(60), "😀".repeat(40), "😀".repeat(57), "😀".repeat(60),
  `${"a".repeat(63)}.${"a".repeat(63)}.${"a".repeat(63)}.${"a".repeat(61)}`, `${"a".repeat(63)}.${"a".repeat(63)}.${"a".repeat(63)}.${"a".repeat(62)}`,
  `${"ü".repeat(50)}.`.repeat(4) + "a".repeat(25), `${"ü".repeat(50)}.`.repeat(4) + "de",
  "xn--99999999", "xn--zzzzzzzzzz", "xn--0000000000", "xn--a-ecp.ru", "xn--u-ccb",
];

const inputs = new Set([...fixed, ...joiners, ...times(1500, () => `a${from(rows.any)}b`), ...times(500, () => from(rows.any)),
  ...times(4000, () => times(1 + random(3), label).join(pick([".", ".", ".", "。"])))]);
const lines = [...inputs].map(input => `${escape(input)}\t${escape(oracle(input) ?? "!")}\n`);
function escape(text) {
  return JSON.stringify(text).replace(/[^ -~]/g, c => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
const refused = lines.filter(l => l.endsWith('\t"!"\n')).length;
fs.writeFileSync(path.join(__dirname, "idna-vectors.tsv.gz"), zlib.gzipSync(lines.join(""), { level: 9 }));
console.log(`${lines.length} vectors, ${refused} of them refusals`);
