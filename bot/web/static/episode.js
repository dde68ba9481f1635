// The transcript page: choosing lines, copying them, and the player.
(function () {
	const box = document.getElementById('lines');
	if (!box) return;
	const id = (name) => document.getElementById(name);
	const root = document.documentElement;
	root.classList.add('script');
	const lines = Array.from(box.getElementsByTagName('p'));
	const at = new Map(lines.map((line, i) => [line.id, i]));
	const times = readTimes(box.dataset.times);
	const calm = matchMedia('(prefers-reduced-motion: reduce)');

	// readTimes gives each line's start in seconds, undefined where unknown.
	function readTimes(text) {
		if (!text) return [];
		let tenths = 0;
		return text.split(',').map((step) => step === '' ? undefined : (tenths += Number(step)) / 10);
	}
	const clock = (seconds) => {
		const s = Math.floor(seconds), two = (n) => String(n).padStart(2, '0');
		return s < 3600 ? Math.floor(s / 60) + ':' + two(s % 60) : Math.floor(s / 3600) + ':' + two(Math.floor(s / 60) % 60) + ':' + two(s % 60);
	};
	const number = (i) => lines[i].id.slice(1);
	const rangeName = (r) => lines[r.first].id + (r.last > r.first ? '-' + lines[r.last].id : '');
	const rangeWords = (r) => r.last > r.first ? 'Lines ' + number(r.first) + '–' + number(r.last) : 'Line ' + number(r.first);
	const textOf = (i) => {
		const copy = lines[i].cloneNode(true);
		copy.querySelectorAll('a').forEach((a) => a.remove());
		return copy.textContent;
	};
	const plain = (text) => text.replace(/\s+/g, ' ').trim();
	let began = false;
	// show scrolls to a line; far ones are jumped to, and the first one.
	function show(element, block) {
		const far = Math.abs(element.getBoundingClientRect().top) > 2 * innerHeight;
		element.scrollIntoView({ block: block, behavior: calm.matches || far || !began ? 'instant' : 'smooth' });
	}
	let tellTimer;
	function tell(text) {
		clearTimeout(tellTimer);
		id('told').textContent = text;
		tellTimer = setTimeout(() => { id('told').textContent = ''; }, 6000);
	}

	// The chosen lines: indices of lines; anchor is the end that stays.
	let chosen = null, selected = null;

	// parse reads L63 and L63-L64, in lines that there are.
	function parse(name) {
		const m = /^L(\d{1,7})(?:-L(\d{1,7}))?$/.exec(name);
		if (!m) return null;
		const from = Number(m[1]), to = Number(m[2] || m[1]);
		let first = -1, last = -1;
		for (let i = at.get('L' + from) ?? 0; i < lines.length; i++) {
			const n = Number(number(i));
			if (n > to) break;
			if (n < from) continue;
			if (first < 0) first = i;
			last = i;
		}
		return first < 0 ? null : { first: first, last: last, anchor: first };
	}
	function choose(range, how) {
		box.querySelectorAll('.cited').forEach((line) => line.classList.remove('cited'));
		chosen = range;
		if (range) for (let i = range.first; i <= range.last; i++) lines[i].classList.add('cited');
		if (how.write) write();
		if (how.scroll && range) show(lines[range.first], 'start');
		if (range) aim(times[range.first]);
		showPick();
	}
	// address is that of a range of this page.
	function address(range) {
		const url = new URL(location.href);
		url.searchParams.delete('l');
		url.hash = '';
		if (range) {
			url.searchParams.set('l', rangeName(range));
			url.hash = rangeName(range);
		}
		return url;
	}
	function write() { history.replaceState(history.state, '', address(chosen)); }
	// quoteAddress is one to give away: without what was looked up.
	function quoteAddress(range) {
		const url = address(range);
		url.searchParams.delete('find');
		url.searchParams.delete('grade');
		return url.href;
	}
	const marked = () => selected || chosen;
	function showPick() {
		const range = marked();
		id('pick').hidden = !range;
		if (!range) return;
		const time = times[range.first];
		id('pick-place').textContent = (selected ? 'Selected words, ' + rangeWords(range).toLowerCase() : rangeWords(range)) + (time === undefined ? '' : ' · ' + clock(time));
		id('pick-less').disabled = !!selected || range.first === range.last;
		id('pick-more').disabled = !!selected || range.last === lines.length - 1;
	}
	function resize(by) {
		const last = chosen.last + by;
		choose({ first: chosen.first, last: last, anchor: chosen.first }, { write: true });
		show(lines[last], 'nearest');
	}

	// Speaker of some lines, '' when they have several or none.
	function speakerOf(range) {
		let name;
		for (let i = range.first; i <= range.last; i++) {
			const who = lines[i].closest('.turn').querySelector(':scope > b:not(.unnamed)');
			const said = who ? who.textContent : '';
			if (name !== undefined && name !== said) return '';
			name = said;
		}
		return name;
	}
	function attribution(range) {
		const date = id('date'), time = times[range.first];
		const title = document.querySelector('#episode h1').textContent + (date ? ' (' + date.dateTime + ')' : '');
		return [speakerOf(range), title, time === undefined ? '' : clock(time), quoteAddress(range)].filter(Boolean).join(', ');
	}
	function quote(range) {
		let words = range.words;
		if (!words) {
			const parts = [];
			for (let i = range.first; i <= range.last; i++) parts.push(textOf(i));
			words = parts.join(' ');
		}
		return '“' + plain(words) + '” - ' + attribution(range);
	}
	async function copy(text, done) {
		try {
			await navigator.clipboard.writeText(text);
			tell(done);
		} catch (e) {
			tell(copyOld(text) ? done : 'This browser does not allow copying here.');
		}
	}
	// copyOld is for pages that are not served over https.
	function copyOld(text) {
		const area = document.createElement('textarea'), focus = document.activeElement;
		area.value = text;
		document.body.append(area);
		area.select();
		const ok = document.execCommand('copy');
		area.remove();
		if (focus) focus.focus({ preventScroll: true });
		return ok;
	}

	// Words selected with the mouse or the finger.
	const lineOf = (node) => (node.nodeType === 1 ? node : node.parentElement).closest('#lines p');
	function readSelection() {
		const s = getSelection();
		if (s.isCollapsed || !s.rangeCount) return null;
		const range = s.getRangeAt(0);
		if (!box.contains(range.commonAncestorContainer)) return null;
		const touched = (line) => range.intersectsNode(line);
		let first = at.get(lineOf(range.startContainer)?.id) ?? lines.findIndex(touched);
		let last = at.get(lineOf(range.endContainer)?.id) ?? lines.findLastIndex(touched);
		if (first < 0 || last < first) return null;
		const copy = range.cloneContents();
		copy.querySelectorAll('a, b').forEach((a) => a.remove());
		const words = plain(copy.textContent);
		// A selection may end before the first letter of the next line.
		if (last > first && range.endContainer.nodeType === 1 && range.endOffset === 0) last--;
		return words ? { first: first, last: last, words: words } : null;
	}
	let selectTimer;
	document.addEventListener('selectionchange', () => {
		clearTimeout(selectTimer);
		selectTimer = setTimeout(() => {
			if (id('pick').contains(document.activeElement)) return;
			selected = readSelection();
			showPick();
		}, 150);
	});
	id('pick').addEventListener('pointerdown', (e) => e.preventDefault()); // keeps the selection

	id('copy-quote').addEventListener('click', () => copy(quote(marked()), 'Quote copied.'));
	id('copy-link').addEventListener('click', () => copy(quoteAddress(marked()), 'Link copied.'));
	id('pick-more').addEventListener('click', () => resize(1));
	id('pick-less').addEventListener('click', () => resize(-1));
	id('pick-none').addEventListener('click', clear);
	function clear() {
		const focus = chosen && lines[chosen.first].querySelector('a');
		selected = null;
		getSelection().removeAllRanges();
		const inside = id('pick').contains(document.activeElement);
		choose(null, { write: true });
		if (inside && focus) focus.focus({ preventScroll: true });
	}

	// A number chooses its line, with shift all lines up to it. Of thousands of
	// numbers one is reached by Tab, the others by the arrow keys.
	const links = lines.map((line) => line.querySelector('a'));
	links.forEach((a, i) => { if (i) a.tabIndex = -1; });
	let reachable = 0;
	function reach(i) {
		links[reachable].tabIndex = -1;
		links[reachable = i].tabIndex = 0;
	}
	box.addEventListener('click', (e) => {
		const a = e.target.closest('a');
		if (!a || e.ctrlKey || e.metaKey || e.altKey) return;
		const line = a.parentElement;
		if (line.tagName !== 'P') {
			const i = at.get(a.hash.slice(1));
			if (audio && times[i] !== undefined) {
				e.preventDefault();
				play(times[i]);
			} else if (i !== undefined) {
				e.preventDefault();
				choose({ first: i, last: i, anchor: i }, { write: true });
			}
			return;
		}
		e.preventDefault();
		const i = at.get(line.id), from = e.shiftKey && chosen ? chosen.anchor : i;
		reach(i);
		if (e.shiftKey) getSelection().removeAllRanges();
		selected = null;
		choose({ first: Math.min(from, i), last: Math.max(from, i), anchor: from }, { write: true });
	});
	box.addEventListener('focusin', (e) => {
		const i = at.get(e.target.parentElement?.id);
		if (i !== undefined) reach(i);
	});
	box.addEventListener('keydown', (e) => {
		const i = at.get(e.target.parentElement?.id);
		const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[e.key];
		if (i === undefined || !step || e.ctrlKey || e.metaKey || e.altKey || !links[i + step]) return;
		e.preventDefault();
		links[i + step].focus();
	});

	// Links to lines of this page, from chapters and places found.
	document.addEventListener('click', (e) => {
		const a = e.target.closest('#episode a.to');
		if (!a || e.ctrlKey || e.metaKey || e.shiftKey || e.altKey) return;
		const range = parse(a.hash.slice(1));
		if (!range) return;
		e.preventDefault();
		selected = null;
		history.pushState(null, '', address(range));
		choose(range, { scroll: true });
		reach(range.first);
		links[range.first].focus({ preventScroll: true });
	});
	function fromAddress() {
		let name = location.hash.slice(1);
		const range = parse(name) || parse(name = new URLSearchParams(location.search).get('l') || '');
		if (range) reach(range.first);
		if (range || chosen) choose(range, { scroll: !location.hash || location.hash.slice(1) === name });
	}
	addEventListener('hashchange', fromAddress);
	addEventListener('popstate', fromAddress);

	// Find: / goes to the box, Esc clears it or what is chosen.
	const find = id('find');
	document.addEventListener('keydown', (e) => {
		const typing = e.target.closest('input, select, textarea, [contenteditable]');
		if (e.key === '/' && !typing && !e.ctrlKey && !e.metaKey && !e.altKey) {
			e.preventDefault();
			find.focus();
			find.select();
		} else if (e.key === 'Escape' && e.target === find) {
			find.value = '';
		} else if (e.key === 'Escape' && !typing && marked()) {
			clear();
		}
	});

	// The player.
	const audio = id('audio'), listen = id('listen');
	let now = -1, away = false, aimed = Number(id('player')?.dataset.at) || 0;
	// aim makes the player begin at a moment once somebody plays it.
	function aim(seconds) {
		if (seconds === undefined || !listen) return;
		const url = new URL(listen.href);
		if (/(^|\.)(youtube\.com|youtu\.be)$/.test(url.hostname)) url.searchParams.set('t', Math.floor(seconds) + 's');
		else url.hash = 't=' + Math.floor(seconds);
		listen.href = url.href;
		id('listen-at').textContent = ' from ' + clock(seconds);
		if (audio && audio.paused && !audio.seeking) {
			aimed = seconds;
			audio.currentTime = seconds;
		}
	}
	function play(seconds) {
		aimed = seconds;
		audio.currentTime = seconds;
		away = false;
		audio.play().catch(() => { if (!audio.error) tell('The browser did not begin to play. Press play.'); });
	}
	// spoken is the line at a moment: the last one that has begun.
	function spoken(seconds) {
		let low = 0, high = known.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			if (times[known[middle]] <= seconds + 0.05) low = middle + 1; else high = middle;
		}
		return low ? known[low - 1] : -1;
	}
	const known = times.map((t, i) => i).filter((i) => times[i] !== undefined);
	function follow() {
		const i = spoken(audio.currentTime);
		if (i === now) return;
		if (lines[now]) {
			lines[now].classList.remove('now');
			lines[now].removeAttribute('aria-current');
		}
		now = i;
		if (i < 0) return;
		lines[i].classList.add('now');
		lines[i].setAttribute('aria-current', 'true');
		keepUp();
	}
	function keepUp() {
		id('back').hidden = !(away && id('follow').checked && now >= 0);
		if (now < 0 || away || audio.paused || !id('follow').checked) return;
		const r = lines[now].getBoundingClientRect();
		if (r.top < innerHeight * .15 || r.bottom > innerHeight * .65) show(lines[now], 'start');
	}
	if (audio) {
		audio.addEventListener('loadedmetadata', () => { if (Math.abs(audio.currentTime - aimed) > 1) audio.currentTime = aimed; }, { once: true });
		audio.addEventListener('error', () => tell('The audio did not load here. The link to the audio file opens it at its own place.'));
		if (known.length) {
			id('follow-label').hidden = false;
			audio.addEventListener('timeupdate', follow);
			audio.addEventListener('seeked', follow);
			audio.addEventListener('play', () => { away = false; follow(); keepUp(); });
			const leave = () => { if (!audio.paused) { away = true; keepUp(); } };
			addEventListener('wheel', leave, { passive: true });
			addEventListener('touchmove', leave, { passive: true });
			addEventListener('keydown', (e) => { if (/^(Page(Up|Down)|Home|End|Arrow(Up|Down))$/.test(e.key) && e.target !== audio) leave(); });
			id('follow').addEventListener('change', () => { away = false; keepUp(); });
			id('back').addEventListener('click', () => { away = false; keepUp(); (lines[now] || box).querySelector('a').focus({ preventScroll: true }); });
		}
	}

	const wide = matchMedia('(min-width: 82rem)');
	if (wide.matches && id('chapters')) id('chapters').querySelector('details').open = true;
	fromAddress();
	began = true;
})();
