// Runs in the page: returns one sentence for each thing that is cut off or
// sticks out sideways, with its text. Lengths are CSS px.
(() => {
  const SLACK = 1; // px; rounding of glyph widths
  const width = document.documentElement.clientWidth;
  const found = new Map();
  const short = (t) => { const s = t.trim().replace(/\s+/g, ' '); return s.length > 80 ? s.slice(0, 79) + '…' : s; };
  const kind = (e) => e.className?.baseVal ?? (e.className || e.tagName.toLowerCase());
  const report = (e, what) => { if (!found.has(e)) found.set(e, `${what}: ${JSON.stringify(short(e.textContent || ''))} (${kind(e)})`); };

  // The gist of a message replied to is one line in Discord, too, and cut on purpose.
  const onPurpose = (e) => Boolean(e.closest('.gist'));

  for (const e of document.querySelectorAll('#picture, #picture *')) {
    if (onPurpose(e)) continue;
    const r = e.getBoundingClientRect();
    if (r.width && (r.left < -SLACK || r.right > width + SLACK)) report(e, `sticks out of the ${width} px of the screen`);
    const style = getComputedStyle(e);
    if (style.display === 'inline') continue;
    if (e.scrollWidth > e.clientWidth + SLACK && e.clientWidth > 0) {
      report(e, style.overflowX === 'visible' ? 'wider than its place' : 'cut off at the side');
    }
    if (style.overflowY !== 'visible' && e.scrollHeight > e.clientHeight + SLACK) report(e, 'cut off below');
  }

  // Text: each line of it must lie within the screen and every box around it.
  const walker = document.createTreeWalker(document.getElementById('picture'), NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!node.data.trim() || onPurpose(node.parentElement)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const rects = [...range.getClientRects()].filter((r) => r.width > 0);
    for (let box = node.parentElement; box && box.id !== 'picture'; box = box.parentElement) {
      if (getComputedStyle(box).display === 'inline' || box.classList.contains('mark')) continue;
      const b = box.getBoundingClientRect();
      if (rects.some((r) => r.left < b.left - SLACK || r.right > b.right + SLACK)) {
        report(node.parentElement, `text sticks out of its ${kind(box)}`);
      }
    }
  }

  // Nothing lies over anything else: parts of a column come one below the other.
  for (const column of document.querySelectorAll('.container, .parts, .column, .fields')) {
    const children = [...column.children].filter((e) => e.getBoundingClientRect().height > 0);
    children.slice(1).forEach((e, i) => {
      if (e.getBoundingClientRect().top < children[i].getBoundingClientRect().bottom - SLACK) report(e, 'lies over what is above it');
    });
  }

  // What reads badly on a phone: text squeezed into a column of a few letters.
  for (const e of document.querySelectorAll('.section .texts')) {
    if (e.clientWidth < 100 && e.textContent.length > 12) report(e, `only ${e.clientWidth} px wide beside its button`);
  }
  return [...found.values()];
})()
