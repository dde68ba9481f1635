import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const chromium = process.env.CHROMIUM ?? '/usr/bin/chromium';
const skip = existsSync(chromium) ? false : `no ${chromium}`;
const text = (content) => ({ type: 10, content });
const button = (label) => ({ type: 2, style: 2, custom_id: 'x', label });
const row = (...components) => ({ type: 1, components });

// What is wrong with the pictures of messages made of these components.
function faults(scenes) {
  const dir = mkdtempSync(join(tmpdir(), 'pictures-test-'));
  try {
    for (const [name, m] of Object.entries(scenes)) {
      writeFileSync(join(dir, name + '.json'), JSON.stringify({ name, messages: [m] }));
    }
    const r = spawnSync(process.execPath, [fileURLToPath(new URL('render.mjs', import.meta.url)), dir, join(dir, 'out')], { encoding: 'utf8' });
    return { status: r.status, lines: r.stderr.trim().split('\n'), files: existsSync(join(dir, 'out')) ? readdirSync(join(dir, 'out')) : [] };
  } finally {
    rmSync(dir, { recursive: true });
  }
}

test('what is cut off fails, with its text', { skip }, () => {
  const r = faults({
    label: { flags: 32768, components: [row(button('A label so long that no phone can show the whole of it at once'))] },
    narrow: { flags: 32768, components: [{ type: 17, components: [{ type: 9, components: [text('Some text beside a button')], accessory: button('Everything about this') }] }] },
    placeholder: { flags: 32768, components: [row({ type: 3, placeholder: 'Choose the one episode that you would like to open now' })] },
    fine: { flags: 32768, components: [text('x'.repeat(500)), row(button('Open'))] },
  });
  assert.equal(r.status, 1);
  for (const name of ['label', 'narrow', 'placeholder']) {
    assert.ok(r.lines.some((l) => l.startsWith(name + '-phone.png: ')), `${name} passed on the phone:\n${r.lines.join('\n')}`);
  }
  assert.match(r.lines.join('\n'), /label-phone\.png: cut off at the side: "A label so long/);
  assert.ok(!r.lines.some((l) => l.startsWith('fine')), r.lines.join('\n'));
  assert.equal(r.files.length, 8, 'pictures with faults are drawn, too');
});

test('what Discord refuses fails', { skip }, () => {
  const r = faults({
    both: { flags: 32768, content: 'a', components: [text('b')] },
    old: { components: [text('b')] },
    unknown: { flags: 32768, components: [{ type: 99 }] },
  });
  assert.equal(r.status, 1);
  assert.equal(r.lines.length, 6, r.lines.join('\n'));
});

test('all examples are whole', { skip }, () => {
  const dir = mkdtempSync(join(tmpdir(), 'pictures-test-'));
  try {
    for (const theme of ['dark', 'light']) {
      const r = spawnSync(process.execPath, ['render.mjs', '--theme', theme, 'examples', dir], { encoding: 'utf8', cwd: fileURLToPath(new URL('.', import.meta.url)) });
      assert.equal(r.status, 0, r.stderr);
    }
  } finally {
    rmSync(dir, { recursive: true });
  }
});
