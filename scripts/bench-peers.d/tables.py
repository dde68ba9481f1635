"""Prints what was measured as Markdown."""

from score import FIGURES, interval

DEFAULT = "verbatim"
COMPARED = ("recall@5", "line-nDCG@10", "reach@50")


def row(*cells):
    print("| " + " | ".join(cells) + " |")


def head(*cells):
    print()
    row(*cells)
    row(*["---"] * len(cells))


def quality(systems, sets, results, rows):
    """A table for each set, and one of the differences over the same questions."""
    for of in sets:
        print(f"\n`{of}`, {len(next(rows[of, s] for s in systems))} questions:")
        head("system", *FIGURES[:-2], "lines in 5, in 10")
        for s, label in systems.items():
            mean, low, high = interval(rows[of, s])
            row(label, *(f"{m:.3f} ({a:.2f}-{b:.2f})" for m, a, b in list(zip(mean, low, high))[:-2]), f"{mean[-2]:.0f}, {mean[-1]:.0f}")
    if DEFAULT not in systems:
        return
    print("\nVerbatim's default less the other, over the same questions:")
    head("set", "other", *COMPARED)
    columns = [FIGURES.index(f) for f in COMPARED]
    for of in sets:
        for s, label in systems.items():
            if s != DEFAULT:
                mean, low, high = interval(rows[of, DEFAULT][:, columns] - rows[of, s][:, columns])
                row(f"`{of}`", label, *(f"{m:+.3f} ({a:+.2f} to {b:+.2f})" for m, a, b in zip(mean, low, high)))


def cost(systems, sets, results):
    """Three tables of a row for each system: adding, a question, memory."""
    def table(title, value, total, form):
        print(f"\n{title}:")
        head("system", *(f"`{s}`" for s in sets), "all", "times Verbatim's")
        for s, label in systems.items():
            whole = total([results[of, s] for of in sets])
            times = "-"
            if DEFAULT in systems:
                ratio = whole / total([results[of, DEFAULT] for of in sets])
                times = f"{ratio:.{0 if ratio >= 10 else 1 if ratio >= 1 else 2}f}"
            row(label, *(format(value(results[of, s]), form) for of in sets), format(whole, form), times)

    table("Processor seconds to add the transcripts", lambda r: r["add"][0], lambda rs: sum(r["add"][0] for r in rs), ".2f")
    table("Processor milliseconds a question", lambda r: r["ask"][0] * 1000 / r["questions"],
          lambda rs: sum(r["ask"][0] for r in rs) * 1000 / sum(r["questions"] for r in rs), ".1f")
    for s in systems:
        if any("ask_kept" in results[of, s] for of in sets):
            each = ", ".join(f"{results[of, s]['ask_kept'][0] * 1000:.1f} (`{of}`)" for of in sets if "ask_kept" in results[of, s])
            print(f"\nThe same of {systems[s]}, its model kept between questions: {each}.")
    table("Peak memory in MB", lambda r: r["peak"] / 1e6, lambda rs: max(r["peak"] for r in rs) / 1e6, ".0f")
