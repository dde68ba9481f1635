package prompts

const (
	// pointTokens is the room for a point with its heading and marks.
	pointTokens = 70
	// defaultMost is the most points of a reduction that names none.
	defaultMost = 5
)

// mapPoints is how many points of one part each style asks for.
var mapPoints = map[string]int{"brief": 2, "detailed": 6, "chapters": 2, "takeaways": 2}

// MapRequest asks for the points of one part of an episode.
type MapRequest struct {
	Title string
	Style string // brief, detailed, chapters or takeaways
	// Part counts from 1 to Parts.
	Part, Parts int
	// Language is the English name of the summary's language, "" for that of
	// the passages.
	Language string
	Passages []Passage
}

// mapData is what the template of maps is filled with.
type mapData struct {
	Title, Style, Language     string
	Part, Parts, Most, Example int
	Passages                   []shown
}

// Map is the prompt for the points of a part. Its reply is read by
// [ReadPoints].
func Map(r MapRequest) Prompt {
	most := mapPoints[r.Style]
	if most == 0 {
		most = mapPoints["brief"]
	}
	if r.Parts <= 1 {
		most = max(most, defaultMost)
	}
	d := mapData{
		Title: Data(r.Title), Style: r.Style, Language: Data(r.Language),
		Part: r.Part, Parts: r.Parts, Most: most, Example: example(r.Passages), Passages: show(r.Passages),
	}
	return render("map", d, pointTokens*(most+1))
}

// ReduceRequest asks to choose and join points.
type ReduceRequest struct {
	Title    string
	Style    string
	Language string
	// Most is the most points wanted.
	Most int
	// Points are numbered by N; Text is the point, Speaker and Time unused.
	Points []Passage
}

// reduceData is what the template of reductions is filled with.
type reduceData struct {
	Title, Style, Language string
	Most, Example          int
	Points                 []shown
}

// Reduce is the prompt that chooses and joins the points of all parts; each
// new point names the numbers of those it is made of. Its reply is read by
// [ReadPoints].
func Reduce(r ReduceRequest) Prompt {
	most := r.Most
	if most < 1 {
		most = defaultMost
	}
	points := make([]Passage, len(r.Points))
	for i, p := range r.Points {
		points[i] = Passage{N: p.N, Text: p.Text}
	}
	d := reduceData{
		Title: Data(r.Title), Style: r.Style, Language: Data(r.Language),
		Most: most, Example: example(points), Points: show(points),
	}
	return render("reduce", d, pointTokens*(most+1))
}
