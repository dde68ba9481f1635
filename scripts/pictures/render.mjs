// Draws each JSON file of a folder as a phone and a desktop screen of Discord
// would show it, and fails if something is cut off. See README.md.

import { mkdir, readFile, readdir, rm, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { escapeHTML } from './markdown.mjs';
import { scene } from './message.mjs';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const SCREENS = { phone: { width: 360, height: 640 }, desktop: { width: 800, height: 600 } };
const FONTS = join(HERE, 'node_modules/@fontsource-variable/figtree/files');
// The scripts that the 6 languages, and people who ask, write in.
const NEEDED = ['Noto Sans', 'Noto Sans CJK JP', 'Noto Sans Arabic', 'Noto Color Emoji'];

const USAGE = 'usage: node render.mjs [--theme dark|light] [--only NAME] [--chromium PATH] INPUT_FOLDER OUTPUT_FOLDER';

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      theme: { type: 'string', default: 'dark' },
      only: { type: 'string' },
      chromium: { type: 'string', default: process.env.CHROMIUM ?? '/usr/bin/chromium' },
    },
  });
  if (positionals.length !== 2 || !['dark', 'light'].includes(values.theme)) {
    console.error(USAGE);
    return 2;
  }
  const [from, to] = positionals;
  const scenes = await read(from, values.only);
  if (!scenes.length) {
    console.error(`no pictures to draw: no JSON file ${values.only ? `named ${values.only} ` : ''}in ${from}`);
    return 2;
  }
  await mkdir(to, { recursive: true });
  const css = await stylesheet();
  const check = await readFile(join(HERE, 'check.js'), 'utf8');
  const profile = await mkdtemp(join(tmpdir(), 'pictures-'));
  let bad = 0;
  try {
    for (const [screen, size] of Object.entries(SCREENS)) {
      const browser = await open(values.chromium, join(profile, screen), size);
      try {
        const page = browser.pages()[0] ?? await browser.newPage();
        for (const s of scenes) bad += await draw(page, s, { screen, size, theme: values.theme, css, check, to });
      } finally {
        await browser.close();
      }
    }
  } finally {
    await rm(profile, { recursive: true, force: true });
  }
  console.log(bad ? `${bad} of ${scenes.length * 2} pictures have faults` : `${scenes.length * 2} pictures, nothing cut off`);
  return bad ? 1 : 0;
}

async function read(folder, only) {
  const files = (await readdir(folder)).filter((f) => f.endsWith('.json')).sort();
  const scenes = [];
  for (const file of files) {
    let s;
    try {
      s = JSON.parse(await readFile(join(folder, file), 'utf8'));
    } catch (err) {
      throw new Error(`read ${file}: ${err.message}`);
    }
    s.name ??= basename(file, '.json');
    if (!/^[\w.-]+$/.test(s.name)) throw new Error(`read ${file}: name ${JSON.stringify(s.name)} is no file name`);
    if (!only || s.name === only) scenes.push(s);
  }
  return scenes;
}

// stylesheet is style.css with the font within it, since pages are drawn
// without any address that they could load from.
async function stylesheet() {
  const faces = [];
  for (const style of ['normal', 'italic']) {
    for (const [set, range] of [['latin', 'U+0000-00FF, U+0131, U+0152-0153, U+02BB-02BC, U+02C6, U+02DA, U+02DC, U+2000-206F, U+20AC, U+2122, U+2212'], ['latin-ext', 'U+0100-02BA, U+1E00-1EFF, U+20A0-20AB, U+2113']]) {
      const data = await readFile(join(FONTS, `figtree-${set}-wght-${style}.woff2`), 'base64');
      faces.push(`@font-face { font-family: Figtree; font-style: ${style}; font-weight: 300 900; unicode-range: ${range}; src: url(data:font/woff2;base64,${data}); }`);
    }
  }
  return faces.join('\n') + await readFile(join(HERE, 'style.css'), 'utf8');
}

async function open(executablePath, profile, viewport) {
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync', '--font-render-hinting=none', '--hide-scrollbars'],
    viewport,
    deviceScaleFactor: 2,
    offline: true,
    locale: 'en-US',
    timezoneId: 'UTC',
  });
  await context.route('**', (route) => route.abort());
  return context;
}

// draw makes one picture and returns 1 if something is wrong with it.
async function draw(page, s, o) {
  const file = `${s.name}-${o.screen}${o.theme === 'light' ? '-light' : ''}.png`;
  let html;
  try {
    html = scene(s);
  } catch (err) {
    console.error(`${file}: ${err.message}`);
    return 1;
  }
  await page.setContent(`<!doctype html><html lang="${escapeHTML(s.lang ?? 'en')}" class="${o.theme} ${o.screen}"><meta charset="utf-8">
    <style>${o.css}</style><body><div id="picture">${html}</div></body></html>`);
  await page.evaluate(() => document.fonts.ready);
  const missing = await page.evaluate(missingFonts, NEEDED);
  if (missing.length) throw new Error(`fonts are not installed: ${missing.join(', ')} (README.md names the packages)`);
  const faults = await page.evaluate(o.check);
  const box = await page.locator('#picture').boundingBox();
  await page.screenshot({ path: join(o.to, file), fullPage: true, clip: { x: 0, y: 0, width: o.size.width, height: Math.ceil(box.height) } });
  console.log(`${file} ${o.size.width}x${Math.ceil(box.height)}`);
  for (const f of faults) console.error(`${file}: ${f}`);
  return faults.length ? 1 : 0;
}

// missingFonts tells which fonts are not installed.
async function missingFonts(fonts) {
  const missing = [];
  for (const f of fonts) {
    await new FontFace('probe', `local('${f}'), local('${f} Regular')`).load().catch(() => missing.push(f));
  }
  return missing;
}

process.exitCode = await main().catch((err) => {
  console.error(err.message);
  return 2;
});
