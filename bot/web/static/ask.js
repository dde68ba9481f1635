// The ask page: answers as they are made, the words behind a mark, and the
// transcript beside. All HTML comes from the server.
(function () {
	const id = (name) => document.getElementById(name);
	const wide = matchMedia('(min-width: 64rem)');

	// The words behind a mark: shown on hover and focus, kept by a tap or click,
	// gone with Escape or when the pointer and the focus are elsewhere.
	let peek = null, peeked = null, closing, kept = false;
	function element(tag, className, text) {
		const e = document.createElement(tag);
		e.className = className;
		if (text !== undefined) e.textContent = text;
		return e;
	}
	function showPeek(mark) {
		clearTimeout(closing);
		if (peeked === mark) return;
		hidePeek();
		const card = document.querySelector(mark.getAttribute('href'));
		const holder = mark.closest('.answer, .made-summary');
		if (!card || !holder) return;
		peek = element('span', 'peek');
		peek.id = 'peek';
		peek.setAttribute('role', 'group');
		peek.setAttribute('aria-label', mark.getAttribute('aria-label'));
		const quote = element('span', 'quote');
		quote.id = 'peek-quote';
		card.querySelectorAll('blockquote p').forEach((p) => quote.append('“', ...p.cloneNode(true).childNodes, '”'));
		const open = card.querySelector('a.open');
		const ways = element('span', 'ways');
		ways.append(open.cloneNode(true));
		peek.append(quote, card.querySelector('.where').cloneNode(true), ways);
		mark.after(peek);
		mark.setAttribute('aria-describedby', 'peek-quote');
		mark.setAttribute('aria-expanded', 'true');
		peeked = mark;
		const box = holder.getBoundingClientRect(), at = mark.getBoundingClientRect();
		const left = Math.max(0, Math.min(at.left - box.left - 16, box.width - peek.offsetWidth));
		const below = at.bottom + 6 + peek.offsetHeight <= innerHeight || at.top < peek.offsetHeight + 6;
		peek.style.left = left + 'px';
		peek.style.top = (below ? at.bottom - box.top + 6 : at.top - box.top - peek.offsetHeight - 6) + 'px';
	}
	function hidePeek() {
		clearTimeout(closing);
		kept = false;
		if (!peek) return;
		peek.remove();
		peeked.removeAttribute('aria-describedby');
		peeked.removeAttribute('aria-expanded');
		peek = peeked = null;
	}
	const laterHidePeek = () => { clearTimeout(closing); if (!kept) closing = setTimeout(hidePeek, 250); };
	const markOf = (target) => target instanceof Element ? target.closest('a.cite') : null;
	const isPeek = (target) => target instanceof Node && peek && peek.contains(target);
	document.addEventListener('pointerover', (event) => {
		if (event.pointerType === 'touch') return;
		const mark = markOf(event.target);
		if (mark) showPeek(mark);
		else if (isPeek(event.target)) clearTimeout(closing);
		else if (peek && document.activeElement !== peeked && !isPeek(document.activeElement)) laterHidePeek();
	});
	document.addEventListener('focusin', (event) => {
		const mark = markOf(event.target);
		if (mark && mark.matches(':focus-visible')) showPeek(mark);
		else if (peek && event.target !== peeked && !isPeek(event.target)) hidePeek();
	});
	document.addEventListener('click', (event) => {
		const plainClick = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
		const mark = markOf(event.target);
		const link = event.target instanceof Element ? event.target.closest('a.open') : null;
		if (mark && plainClick) {
			const card = document.querySelector(mark.getAttribute('href'));
			if (!card) return;
			event.preventDefault();
			if (wide.matches) {
				openBeside(card.querySelector('a.open'), mark);
			} else if (peeked === mark && kept) {
				hidePeek();
			} else {
				showPeek(mark);
				kept = true;
			}
		} else if (link && plainClick && wide.matches) {
			event.preventDefault();
			openBeside(link, isPeek(link) ? peeked : link);
		} else if (peek && !isPeek(event.target)) {
			hidePeek();
		}
	});

	// The transcript beside, on wide screens.
	const beside = id('beside'), lines = id('beside-lines');
	let opener = null, fetching = null;
	async function openBeside(link, from) {
		hidePeek();
		if (fetching) fetching.abort();
		const mine = fetching = new AbortController();
		try {
			const answer = await fetch(link.dataset.around, { signal: mine.signal });
			if (!answer.ok) throw new Error(answer.statusText);
			lines.innerHTML = await answer.text();
		} catch (problem) {
			if (!mine.signal.aborted) location.href = link.href; // the page itself says what is wrong
			return;
		}
		opener = from;
		document.querySelectorAll('.card.shown').forEach((card) => card.classList.remove('shown'));
		const shown = (markOf(from) ? document.querySelector(from.getAttribute('href')) : from.closest('.card'));
		if (shown) shown.classList.add('shown');
		beside.hidden = false;
		document.documentElement.classList.add('has-beside');
		const cited = lines.querySelectorAll('mark');
		beside.scrollTop = 0;
		if (cited.length && cited[cited.length - 1].getBoundingClientRect().bottom > innerHeight - 32) {
			beside.scrollTop = cited[0].getBoundingClientRect().top - innerHeight / 3;
		}
		lines.querySelector('h2').focus({ preventScroll: true });
	}
	function closeBeside() {
		if (!beside || beside.hidden) return;
		beside.hidden = true;
		document.documentElement.classList.remove('has-beside');
		document.querySelectorAll('.card.shown').forEach((card) => card.classList.remove('shown'));
		if (opener && opener.isConnected) opener.focus();
		hidePeek();
	}
	if (beside) id('beside-close').addEventListener('click', closeBeside);
	document.addEventListener('keydown', (event) => {
		if (event.key !== 'Escape') return;
		if (peek) {
			const mark = peeked;
			if (isPeek(document.activeElement)) mark.focus();
			hidePeek();
		} else if (beside && !beside.hidden) {
			closeBeside();
		} else if (asking) {
			asking.abort();
		}
	});

	// Answers as they are made.
	const form = id('ask-form'), region = id('answer'), status = id('ask-status'), stop = id('stop');
	let asking = null;
	if (!form) return;
	const box = id('q'), examples = id('examples'), note = id('note');
	const state = () => ({ html: region.innerHTML, title: document.title, q: box.value });
	history.replaceState(state(), '');

	// show puts an answer in place of what was shown; a mark that somebody is at
	// stays so.
	function show(html) {
		const at = markOf(document.activeElement), was = peeked;
		hidePeek();
		region.innerHTML = html;
		const again = (mark) => mark && region.querySelector('a.cite[href="' + mark.getAttribute('href') + '"]');
		if (again(at)) again(at).focus();
		if (again(was)) showPeek(again(was));
		if (examples) examples.hidden = html !== '';
		if (note) note.hidden = true;
	}
	// busy tells how the answer fares; unseen once that shows by itself.
	function busy(on, says, unseen) {
		status.classList.toggle('unseen', Boolean(unseen));
		document.documentElement.classList.toggle('busy', on);
		region.setAttribute('aria-busy', String(on));
		stop.hidden = !on;
		status.textContent = says;
	}
	// lead puts the focus on the answer, unless somebody is typing.
	function lead(before) {
		if (document.activeElement !== before && document.activeElement !== document.body && document.activeElement !== stop) return;
		const heading = region.querySelector('h2');
		if (!heading) return;
		heading.focus({ preventScroll: true });
		if (region.getBoundingClientRect().bottom > innerHeight) heading.scrollIntoView({ block: 'start' });
	}
	// eventsOf reads a stream of lines of JSON.
	async function* eventsOf(body) {
		const reader = body.pipeThrough(new TextDecoderStream()).getReader();
		let rest = '';
		for (;;) {
			const { value, done } = await reader.read();
			if (done) return;
			const parts = (rest + value).split('\n');
			rest = parts.pop();
			for (const part of parts) if (part) yield JSON.parse(part);
		}
	}
	// failure shows the page that came in place of a stream.
	async function failure(answer) {
		const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
		const main = page.querySelector('.failure');
		show(main ? main.outerHTML : '');
		return main ? main.querySelector('h1').textContent : 'Something went wrong.';
	}
	async function ask(query, before) {
		if (asking) asking.abort();
		const mine = asking = new AbortController();
		closeBeside();
		show('');
		busy(true, 'Looking in the transcripts …');
		let says = 'The connection ended before the answer was there. Ask again.', ended = false;
		try {
			const answer = await fetch(form.dataset.stream, { method: 'POST', body: query, signal: mine.signal });
			if (!answer.ok || !answer.body) {
				says = await failure(answer);
			} else {
				for await (const event of eventsOf(answer.body)) {
					if (event.html) show(event.html);
					if (event.event === 'draft') status.textContent = 'Writing, and checking each sentence …';
					if (event.event !== 'answer' && event.event !== 'problem') continue;
					says = event.says;
					ended = true;
					if (event.event === 'answer') {
						document.title = event.title;
						history.pushState(state(), '', event.url);
					}
				}
			}
		} catch (problem) {
			if (mine !== asking) return; // another question took its place
			if (mine.signal.aborted) says = 'Stopped.';
		}
		if (mine !== asking) return;
		asking = null;
		if (!ended) region.querySelectorAll('.unchecked').forEach((e) => e.remove());
		if (!ended && region.querySelector('.sentence')) says += ' Below is as much of the answer as was checked.';
		busy(false, says, ended);
		lead(before);
	}
	function submit(event) {
		const asked = event.target;
		if (!(asked instanceof HTMLFormElement) || !asked.matches('#ask-form, .further')) return;
		event.preventDefault();
		const query = new URLSearchParams(new FormData(asked));
		if (!query.get('q').trim()) return;
		box.value = query.get('q');
		ask(query, asked.contains(document.activeElement) ? document.activeElement : document.body);
	}
	document.addEventListener('submit', submit);
	document.addEventListener('click', (event) => {
		const link = event.target instanceof Element ? event.target.closest('a.example') : null;
		if (!link || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
		const query = new URL(link.href).searchParams;
		if (query.has('episode') && !form.elements.episode) return; // another page asks about that one
		event.preventDefault();
		box.value = query.get('q');
		ask(query, link);
	});
	box.addEventListener('keydown', (event) => {
		if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
			event.preventDefault();
			form.requestSubmit();
		}
	});
	stop.addEventListener('click', () => { if (asking) asking.abort(); });
	addEventListener('popstate', (event) => {
		if (!event.state || event.state.html === undefined) return;
		if (asking) { const old = asking; asking = null; old.abort(); busy(false, ''); }
		closeBeside();
		box.value = event.state.q;
		document.title = event.state.title;
		show(event.state.html);
	});
})();
