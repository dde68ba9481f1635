// Messages, components and modals of Discord as HTML for style.css.

import { escapeHTML, markdown, plain } from './markdown.mjs';

const FLAG_EPHEMERAL = 1 << 6;
const FLAG_LOADING = 1 << 7;
const FLAG_V2 = 1 << 15;

const ICONS = {
  link: '<svg class="icon" viewBox="0 0 24 24"><path d="M14 4h6v6M20 4l-9 9M18 14v5a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1h5" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/></svg>',
  down: '<svg class="icon" viewBox="0 0 24 24"><path d="m6 9 6 6 6-6" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/></svg>',
  eye: '<svg class="icon" viewBox="0 0 24 24"><path d="M2 12s3.6-7 10-7 10 7 10 7-3.6 7-10 7-10-7-10-7Z" fill="none" stroke="currentColor" stroke-width="2"/><circle cx="12" cy="12" r="3.2" fill="currentColor"/></svg>',
  close: '<svg class="icon" viewBox="0 0 24 24"><path d="m6 6 12 12M18 6 6 18" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round"/></svg>',
};

/** What is wrong with a scene that Discord would refuse or that cannot be drawn. */
export class SceneError extends Error {}

/** The HTML of all that a scene (one input file) shows. */
export function scene(s) {
  if (!s.messages?.length && !s.modal) throw new SceneError('neither messages nor a modal');
  const c = {
    names: s.names ?? {},
    now: s.now ?? 1786026600, // 2026-08-06 14:30 UTC
    lang: s.lang ?? 'en',
    author: s.author ?? { name: 'Verbatim', bot: true },
    asker: s.asker ?? null,
    ephemeral: Boolean(s.ephemeral),
  };
  if (s.modal) return modal(s.modal, c);
  const asked = c.asker && !c.asker.command ? question(c) : '';
  return asked + s.messages.map((m, i) => message(m, i, c)).join('');
}

function avatar(who, size) {
  if (who.avatar?.startsWith('data:')) return `<img class="avatar ${size}" src="${escapeHTML(who.avatar)}" alt="">`;
  const mark = who.bot ? '<span class="mark">”</span>' : escapeHTML([...(who.name || '?')][0].toUpperCase());
  return `<span class="avatar ${size}${who.bot ? ' bot' : ''}">${mark}</span>`;
}

function clock(c) {
  return new Intl.DateTimeFormat(c.lang, { timeStyle: 'short', timeZone: 'UTC' }).format(new Date(c.now * 1000));
}

function header(who, c) {
  const badge = who.bot ? '<span class="badge">APP</span>' : '';
  return `<div class="header"><span class="name">${plain(who.name)}</span>${badge}<span class="clock">${escapeHTML(clock(c))}</span></div>`;
}

// question is the asker's own message, where a mention or a reply asked.
function question(c) {
  return `<div class="message person">${avatar(c.asker, 'large')}<div class="column">${header(c.asker, c)}
    <div class="markup">${markdown(c.asker.question ?? '', c)}</div></div></div>`;
}

// above is the line over a message: the command that it answers, or the
// message that it replies to.
function above(m, i, c) {
  let who = null;
  let text = '';
  if (i > 0 && c.asker?.command) {
    who = c.author;
    text = '<span class="gist">Original message</span>';
  } else if (c.asker?.command) {
    who = c.asker;
    text = ` <span class="used">used</span> <span class="mention">${escapeHTML(c.asker.command)}</span>`;
  } else if (c.asker && (i === 0 || m.message_reference)) {
    who = c.asker;
    text = `<span class="gist">${plain((c.asker.question ?? '').split('\n')[0])}</span>`;
  }
  if (!who) return '';
  const badge = who.bot ? '<span class="badge">APP</span>' : '';
  return `<div class="above"><span class="spine"></span>${avatar(who, 'tiny')}${badge}<span class="who">${plain(who.name)}</span>${text}</div>`;
}

function message(m, i, c) {
  const flags = m.flags ?? 0;
  const ephemeral = c.ephemeral || Boolean(flags & FLAG_EPHEMERAL);
  const line = above(m, i, c);
  const follows = i > 0 && !line;
  const foot = ephemeral
    ? `<div class="foot">${ICONS.eye}<span>Only you can see this · <a>Dismiss message</a></span></div>` : '';
  return `<div class="message${ephemeral ? ' ephemeral' : ''}${follows ? ' follows' : ''}">${line}
    ${follows ? '<span class="avatar large none"></span>' : avatar(c.author, 'large')}
    <div class="column">${follows ? '' : header(c.author, c)}${body(m, flags, c)}${foot}</div></div>`;
}

function body(m, flags, c) {
  if (flags & FLAG_LOADING) {
    return `<div class="markup thinking"><span class="dots"><i></i><i></i><i></i></span>${plain(c.author.name)} is thinking...</div>`;
  }
  const v2 = Boolean(flags & FLAG_V2);
  if (v2 && m.content) throw new SceneError('a message with the V2 flag may have no content');
  if (!m.content && !m.components?.length) throw new SceneError('an empty message');
  const content = m.content ? `<div class="markup">${markdown(m.content, c)}</div>` : '';
  const parts = (m.components ?? []).map((x) => {
    if (!v2 && x.type !== 1) throw new SceneError(`component of type ${x.type} without the V2 flag`);
    return component(x, c);
  });
  return content + (parts.length ? `<div class="parts">${parts.join('')}</div>` : '');
}

function component(x, c) {
  const draw = COMPONENTS[x.type];
  if (!draw) throw new SceneError(`component of type ${x.type} is not known`);
  return draw(x, c);
}

const all = (list, c) => (list ?? []).map((x) => component(x, c)).join('');

const COMPONENTS = {
  1: (x, c) => `<div class="row">${all(x.components, c)}</div>`,
  2: button,
  3: select,
  5: select, 6: select, 7: select, 8: select,
  4: input,
  9: (x, c) => `<div class="section"><div class="texts">${all(x.components, c)}</div><div class="accessory">${component(x.accessory, c)}</div></div>`,
  10: (x, c) => `<div class="markup text">${markdown(x.content, c)}</div>`,
  14: (x) => `<div class="separator${x.divider === false ? ' blank' : ''}${x.spacing === 2 ? ' wide' : ''}"></div>`,
  17: (x, c) => {
    const bar = x.accent_color ? ` style="--accent:#${x.accent_color.toString(16).padStart(6, '0')}"` : '';
    return `<div class="container${bar ? ' accented' : ''}"${bar}>${all(x.components, c)}</div>`;
  },
  18: (x, c) => {
    const hint = x.description ? `<div class="hint">${plain(x.description)}</div>` : '';
    return `<div class="label"><div class="title">${plain(x.label)}${required(x.component) ? ' <b>*</b>' : ''}</div>${hint}${component(x.component, c)}</div>`;
  },
};

const required = (x) => x?.required ?? true;

const STYLES = { 1: 'primary', 2: 'secondary', 3: 'success', 4: 'danger', 5: 'secondary' };

function button(x) {
  const style = STYLES[x.style];
  if (!style) throw new SceneError(`button of style ${x.style} is not known`);
  const emoji = x.emoji ? `<span class="emoji">${escapeHTML(x.emoji.name)}</span>` : '';
  const label = x.label ? `<span class="caption">${plain(x.label)}</span>` : '';
  return `<span class="button ${style}${x.disabled ? ' off' : ''}">${emoji}${label}${x.style === 5 ? ICONS.link : ''}</span>`;
}

function select(x, c) {
  const chosen = (x.options ?? []).filter((o) => o.default).map((o) => o.label)
    .concat((x.default_values ?? []).map((v) => '@' + (c.names[v.id] ?? 'unknown')));
  const several = (x.max_values ?? 1) > 1;
  const what = !chosen.length ? `<span class="caption empty">${plain(x.placeholder || 'Make a selection')}</span>`
    : several ? `<span class="chips">${chosen.map((t) => `<span class="chip"><span class="caption">${plain(t)}</span>${ICONS.close}</span>`).join('')}</span>`
      : `<span class="caption">${plain(chosen[0])}</span>`;
  return `<span class="select${x.disabled ? ' off' : ''}">${what}${ICONS.down}</span>`;
}

// input is a text input; one in a row has its label on itself.
function input(x) {
  const label = x.label ? `<div class="title">${plain(x.label)}${required(x) ? ' <b>*</b>' : ''}</div>` : '';
  const text = x.value ? `<span>${plain(x.value)}</span>` : `<span class="empty">${plain(x.placeholder ?? '')}</span>`;
  const long = x.style === 2;
  const left = long && x.max_length ? `<span class="left">${x.max_length - [...(x.value ?? '')].length}</span>` : '';
  return `<div class="label">${label}<div class="input${long ? ' long' : ''}">${text}${left}</div></div>`;
}

function modal(m, c) {
  const title = `<div class="top">${avatar(c.author, 'small')}<span class="heading">${plain(m.title)}</span>${ICONS.close}</div>`;
  const notice = `<div class="notice">This form will be submitted to <b>${plain(c.author.name)}</b>. Do not share passwords or other sensitive information.</div>`;
  return `<div class="behind"><div class="modal">${title}<div class="fields">${all(m.components, c)}${notice}</div>
    <div class="ends"><span class="button secondary"><span class="caption">Cancel</span></span><span class="button primary"><span class="caption">Submit</span></span></div></div></div>`;
}
