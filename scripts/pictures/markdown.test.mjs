import assert from 'node:assert/strict';
import { test } from 'node:test';
import { markdown } from './markdown.mjs';

const cases = [
  ['marks', '**b** *i* _i_ __u__ ~~s~~ ||x||', '<strong>b</strong> <em>i</em> <em>i</em> <u>u</u> <s>s</s> <span class="spoiler">x</span>'],
  ['marks within marks', '***both*** **a *b* c**', '<strong><em>both</em></strong> <strong>a <em>b</em> c</strong>'],
  ['not marks', '2 * 3 * 4 snake_case_name', '2 * 3 * 4 snake_case_name'],
  ['escapes', String.raw`\*no\* \_no\_ \[x\](y) \> \# \\ a\b`, '*no* _no_ [x](y) &gt; # \\ a\\b'],
  ['escaped mark within bold', String.raw`**a \*\* b**`, '<strong>a ** b</strong>'],
  ['HTML is text', '<b>&amp;</b>', '&lt;b&gt;&amp;amp;&lt;/b&gt;'],
  ['code', '`a*b*` ``c`d``', '<code>a*b*</code> <code>c`d</code>'],
  ['fence', 'x\n```go\nfunc\n```\ny', 'x<br><pre><code>func</code></pre>y'],
  ['quote', '> one\n> two\nafter', '<blockquote>one<br>two</blockquote>after'],
  ['quote with an empty line', '> one\n> \n> two', '<blockquote>one<br><br>two</blockquote>'],
  ['quote to the end', '>>> one\n\ntwo', '<blockquote>one<br><br>two</blockquote>'],
  ['no quote in the middle or without space', 'a > b\n>c', 'a &gt; b<br>&gt;c'],
  ['headings', '# A\n## B\n### C\n#### D\n#E', '<h1>A</h1><h2>B</h2><h3>C</h3>#### D<br>#E'],
  ['subtext', '-# small **b**\nrest', '<small>small <strong>b</strong></small>rest'],
  ['list', '- a\n- b\n  - c\n1. d', '<ul><li>a</li><li>b<ul><li>c</li></ul></li><li>d</li></ul>'],
  ['numbers', '3. a\n4. b', '<ol start="3"><li>a</li><li>b</li></ol>'],
  ['escaped list and number', '\\- a\n1\\. b', '- a<br>1. b'],
  ['masked link', '[a **b**](https://e.org/x_(y)?q=1)', '<a title="https://e.org/x_(y)?q=1">a <strong>b</strong></a>'],
  ['link with a mark as text', String.raw`[\[1\]](<https://e.org>)`, '<a title="https://e.org">[1]</a>'],
  ['no other scheme', '[a](javascript:x)', '[a](javascript:x)'],
  ['address', 'see https://e.org/a_b_c.', 'see <a title="https://e.org/a_b_c">https://e.org/a_b_c</a>.'],
  ['mentions', '<@1> <@&2> <#3> </ask:9> </transcript add:9> <@7>', ['@ann', '@Editors', '# general', '/ask', '/transcript add', '@unknown-user'].map((s) => `<span class="mention">${s}</span>`).join(' ')],
  ['times', '<t:7200:R> <t:0:R> <t:0:D>', '<span class="time">in 1 hour</span> <span class="time">1 hour ago</span> <span class="time">January 1, 1970</span>'],
  ['emoji', 'a 👍🏽 b', 'a <span class="emoji">👍🏽</span> b'],
  ['unfinished marks', '**a `b [c](', '**a `b [c]('],
  ['blank lines stay', 'a\n\nb', 'a<br><br>b'],
];

for (const [name, text, want] of cases) {
  test(name, () => {
    const names = { 1: 'ann', 2: 'Editors', 3: 'general' };
    assert.equal(markdown(text, { names, now: 3600, lang: 'en' }), want);
  });
}

test('long and nasty input ends in good time', () => {
  const start = process.cpuUsage();
  for (const s of ['*', '_', '[', '`', '||', '> ', '**a', '(', 'ab '] ) markdown(s.repeat(4000 / s.length));
  assert.ok(process.cpuUsage(start).user < 20e6, 'over 20 s of processor time');
});
