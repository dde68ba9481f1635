// Discord's markdown as HTML, as far as a bot's message can hold it.
//
// What Discord documents is in
// https://docs.discord.com/developers/reference#message-formatting; the rest
// (when a mark counts as one, what swallows a line break) follows what its
// clients show. It is a chain of rules tried at the current place, the first
// that matches wins; text that no rule takes stands as it is.

const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text made safe for HTML. */
export function escapeHTML(text) {
  return String(text).replace(/[&<>"]/g, (c) => ENTITIES[c]);
}

const EMOJI = /\p{RGI_Emoji}/gv;

/** Text for HTML, with each emoji in a span of its own. */
export function plain(text) {
  let out = '';
  let last = 0;
  for (const m of text.matchAll(EMOJI)) {
    out += escapeHTML(text.slice(last, m.index)) + `<span class="emoji">${m[0]}</span>`;
    last = m.index + m[0].length;
  }
  return out + escapeHTML(text.slice(last));
}

/**
 * The HTML of markdown. Options: names (ID to name, for mentions), now (Unix
 * seconds, for times such as "2 hours ago"), lang (of times).
 */
export function markdown(text, options = {}) {
  return parse(text.replace(/\r\n?/g, '\n').trim(), { names: {}, now: 0, lang: 'en', ...options, depth: 0 });
}

// Rules that count at the start of a line only. Each returns the HTML for a
// match; the line break at the end of what they match is swallowed.
const BLOCKS = [
  {
    match: (s, c) => !c.quote && /^ *>>> +([\s\S]*)/.exec(s),
    html: (m, c) => `<blockquote>${parse(m[1], { ...c, quote: true })}</blockquote>`,
  },
  {
    match: (s, c) => !c.quote && /^(?: *>(?!>>)(?: [^\n]*)?(?:\n|$))+/.exec(s),
    guard: (m) => /^ *> /.test(m[0]),
    html: (m, c) => {
      const inner = m[0].replace(/\n$/, '').replace(/^ *> ?/gm, '');
      return `<blockquote>${parse(inner, { ...c, quote: true })}</blockquote>`;
    },
  },
  {
    match: (s) => /^ *(#{1,3}) +([^\n]*?[^\n#\s][^\n]*?)(?: +#+)? *(?:\n|$)/.exec(s),
    html: (m, c) => `<h${m[1].length}>${inline(m[2].trim(), c)}</h${m[1].length}>`,
  },
  {
    match: (s) => /^ *-# +([^\n]*\S[^\n]*?) *(?:\n|$)/.exec(s),
    html: (m, c) => `<small>${inline(m[1], c)}</small>`,
  },
  {
    match: (s, c) => c.depth < 10 && /^ *(?:[-*]|\d{1,9}\.) +\S[^\n]*(?:\n(?: *(?:[-*]|\d{1,9}\.) +\S| {2,}\S)[^\n]*)*(?:\n|$)/.exec(s),
    html: (m, c) => list(m[0].replace(/\n$/, '').split('\n'), { ...c, depth: c.depth + 1 }),
  },
];

const ITEM = /^( *)([-*]|\d{1,9}\.) +(.*)$/;

// list makes a list of lines; deeper ones become lists within the item above.
function list(lines, c) {
  const first = ITEM.exec(lines[0]);
  const indent = first[1].length;
  const ordered = first[2].length > 1;
  const items = [];
  for (const line of lines) {
    const m = ITEM.exec(line);
    if (m && m[1].length <= indent + 1) items.push({ text: m[3], below: [] });
    else items.at(-1).below.push(line);
  }
  const html = items.map(({ text, below }) => {
    const deeper = below.length && ITEM.test(below[0]) ? list(below, { ...c, depth: c.depth + 1 })
      : below.map((l) => '<br>' + inline(l.trim(), c)).join('');
    return `<li>${inline(text, c)}${deeper}</li>`;
  }).join('');
  return ordered ? `<ol start="${parseInt(first[2], 10)}">${html}</ol>` : `<ul>${html}</ul>`;
}

const URL_TAIL = String.raw`[^\s<>]*[^\s<>.,:;"'\])]`;

// Rules within a line. before is the character before, for marks that count
// only at the border of a word.
const INLINES = [
  { match: (s) => /^\\([^0-9A-Za-z\s])/.exec(s), html: (m) => escapeHTML(m[1]) },
  {
    match: (s) => /^```(?:([a-z0-9_+\-.#]+)\n)?\n*([^\n][\s\S]*?)\n*```\n?/i.exec(s),
    html: (m) => `<pre><code>${escapeHTML(m[2])}</code></pre>`,
  },
  {
    match: (s) => /^(`+)([\s\S]*?[^`])\1(?!`)/.exec(s),
    html: (m) => `<code>${escapeHTML(m[1].length > 1 ? m[2].trim() : m[2])}</code>`,
  },
  { match: (s) => /^<t:(-?\d{1,13})(?::([tTdDfFsSR]))?>/.exec(s), html: (m, c) => `<span class="time">${escapeHTML(time(+m[1], m[2], c))}</span>` },
  { match: (s) => /^<\/([-_ \p{L}\p{N}]{1,100}):\d+>/u.exec(s), html: (m) => mention('/' + m[1]) },
  { match: (s) => /^<@!?(\d+)>/.exec(s), html: (m, c) => mention('@' + (c.names[m[1]] ?? 'unknown-user')) },
  { match: (s) => /^<@&(\d+)>/.exec(s), html: (m, c) => mention('@' + (c.names[m[1]] ?? 'unknown-role')) },
  { match: (s) => /^<#(\d+)>/.exec(s), html: (m, c) => mention('# ' + (c.names[m[1]] ?? 'unknown')) },
  { match: (s) => /^@(everyone|here)\b/.exec(s), html: (m) => mention(m[0]) },
  { match: (s) => /^<a?:(\w{2,32}):\d+>/.exec(s), html: (m) => `<span class="time">:${m[1]}:</span>` },
  { match: (s) => /^<(https?:\/\/[^\s<>]+)>/.exec(s), html: (m) => link(m[1], escapeHTML(m[1])) },
  {
    match: (s, c) => !c.link && /^\[((?:\\[\s\S]|\[[^[\]]*\]|[^[\]\\])+)\]\(\s*<?(https?:\/\/(?:\([^\s()]*\)|[^\s()<>])+)>?(?:\s+"[^"]*")?\s*\)/.exec(s),
    html: (m, c) => link(m[2], inline(m[1], { ...c, link: true })),
  },
  { match: (s, c) => !c.link && new RegExp('^https?://' + URL_TAIL).exec(s), html: (m) => link(m[0], escapeHTML(m[0])) },
  { match: (s) => /^\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)/.exec(s), html: (m, c) => `<strong>${inline(m[1], c)}</strong>` },
  { match: (s) => /^__((?:\\[\s\S]|[^\\])+?)__(?!_)/.exec(s), html: (m, c) => `<u>${inline(m[1], c)}</u>` },
  { match: (s) => /^~~((?:\\[\s\S]|[^\\])+?)~~(?!_)/.exec(s), html: (m, c) => `<s>${inline(m[1], c)}</s>` },
  { match: (s) => /^\|\|((?:\\[\s\S]|[^\\])+?)\|\|/.exec(s), html: (m, c) => `<span class="spoiler">${inline(m[1], c)}</span>` },
  {
    match: (s) => /^\*(?=\S)((?:\*\*|\\[\s\S]|\s+(?:\\[\s\S]|[^\s*\\]|\*\*)|[^\s*\\])+?)\*(?!\*)/.exec(s),
    html: (m, c) => `<em>${inline(m[1], c)}</em>`,
  },
  {
    match: (s, c, before) => !/[0-9A-Za-z_]/.test(before) && /^_((?:__|\\[\s\S]|[^\\_])+?)_(?![0-9A-Za-z_])/.exec(s),
    html: (m, c) => `<em>${inline(m[1], c)}</em>`,
  },
];

const link = (url, html) => `<a title="${escapeHTML(url)}">${html}</a>`;
const mention = (text) => `<span class="mention">${escapeHTML(text)}</span>`;

function parse(text, c) {
  return run(text, c, true);
}

function inline(text, c) {
  return run(text, c, false);
}

function run(text, c, blocks) {
  let out = '';
  let pending = '';
  const flush = () => { out += plain(pending); pending = ''; };
  for (let at = 0; at < text.length;) {
    const rest = text.slice(at);
    const lineStart = at === 0 || text[at - 1] === '\n';
    const [rule, m] = find(rest, c, blocks && lineStart, text[at - 1] ?? '');
    if (rule) {
      flush();
      out += rule.html(m, c);
      at += m[0].length;
    } else if (rest[0] === '\n') {
      flush();
      out += '<br>';
      at++;
    } else {
      pending += rest[0];
      at++;
    }
  }
  flush();
  return out;
}

function find(rest, c, block, before) {
  if (block) {
    for (const rule of BLOCKS) {
      const m = rule.match(rest, c);
      if (m && (!rule.guard || rule.guard(m))) return [rule, m];
    }
  }
  if (/^[0-9A-Za-z]/.test(rest) && !/^https?:/.test(rest)) return [null, null];
  for (const rule of INLINES) {
    const m = rule.match(rest, c, before);
    if (m) return [rule, m];
  }
  return [null, null];
}

const STYLES = {
  t: { timeStyle: 'short' }, T: { timeStyle: 'medium' },
  d: { dateStyle: 'short' }, D: { dateStyle: 'long' },
  f: { dateStyle: 'long', timeStyle: 'short' }, F: { dateStyle: 'full', timeStyle: 'short' },
  s: { dateStyle: 'short', timeStyle: 'short' }, S: { dateStyle: 'short', timeStyle: 'medium' },
};
const STEPS = [['year', 31536000], ['month', 2592000], ['day', 86400], ['hour', 3600], ['minute', 60], ['second', 1]];

function time(unix, style = 'f', c) {
  if (style === 'R') {
    const off = unix - c.now;
    const [unit, size] = STEPS.find(([, n]) => Math.abs(off) >= n) ?? STEPS.at(-1);
    return new Intl.RelativeTimeFormat(c.lang, { numeric: 'auto' }).format(Math.round(off / size), unit);
  }
  return new Intl.DateTimeFormat(c.lang, { ...STYLES[style], timeZone: 'UTC' }).format(new Date(unix * 1000));
}
