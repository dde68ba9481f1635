package bot

import (
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"verbatim/bot/model"
	"verbatim/bot/model/modeltest"
	"verbatim/retrieval"
)

func TestReserve(t *testing.T) {
	var u usageState
	limit := modelUse{Tokens: 1000, Cost: 2}
	call := modelUse{Tokens: 400, Cost: 0.1}
	fits := func(n int) bool { // as many calls at once
		for range n {
			if !u.reserve("1", call, limit, noon) {
				return false
			}
		}
		return true
	}
	if !fits(2) {
		t.Fatal("two calls of 400 tokens do not fit into 1000")
	}
	if u.reserve("1", call, limit, noon) {
		t.Error("a third call of 400 tokens fits into 1000 while two are under way")
	}
	if !u.reserve("2", call, limit, noon) {
		t.Error("the budget of another server is used up, too")
	}
	u.settle("1", call, modelUse{Tokens: 150, Cost: 0.2}, noon)
	u.settle("1", call, modelUse{}, noon) // it failed at once
	if !fits(2) {
		t.Error("two calls do not fit beside 150 tokens used")
	}
	u.settle("1", call, call, noon)
	u.settle("1", call, modelUse{Tokens: 10, Cost: 1.65}, noon)
	if u.reserve("1", modelUse{Tokens: 1, Cost: 0.1}, limit, noon) {
		t.Error("a call fits that would cost more than what is left")
	}
	if got := u.scopes["1"]; got.reserved != (modelUse{}) || got.used.Tokens != 560 {
		t.Errorf("used %+v, reserved %+v; want 560 tokens and nothing", got.used, got.reserved)
	}
	tomorrow := noon.Add(24 * time.Hour)
	if !u.reserve("1", call, limit, tomorrow) {
		t.Error("nothing fits on the next day")
	}
	u.turn(tomorrow.Add(24 * time.Hour))
	if u.scopes["1"] == nil || u.scopes["1"].reserved != call {
		t.Error("what is under way over midnight is forgotten")
	}
	u.settle("1", call, call, tomorrow.Add(24*time.Hour))
	if got := u.scopes["1"].used; got != call {
		t.Errorf("used on the day on which the call ended: %+v, want %+v", got, call)
	}
}

func TestBudgetOf(t *testing.T) {
	b := openBot(t, t.TempDir())
	b.chat.options = ModelOptions{TokensPerDay: 1000, CostPerDay: 5}
	for scope, s := range map[retrieval.Scope]Settings{"stricter": {TokensPerDay: 10, CostPerDay: 1}, "laxer": {TokensPerDay: 5000, CostPerDay: 9}, "none": {}} {
		if err := b.SaveSettings(t.Context(), scope, s); err != nil {
			t.Fatal(err)
		}
	}
	for scope, want := range map[retrieval.Scope]modelUse{"stricter": {10, 1}, "laxer": {1000, 5}, "none": {1000, 5}, "": {1000, 5}, "new": {1000, 5}} {
		if got := b.budgetOf(scope); got != want {
			t.Errorf("budget of %q = %+v, want %+v", scope, got, want)
		}
	}
	b.chat.options = ModelOptions{}
	if got := b.budgetOf("laxer"); got != (modelUse{5000, 9}) {
		t.Errorf("budget without the operator's = %+v, want the server's own", got)
	}
}

func TestSettingsModelRanges(t *testing.T) {
	tests := []struct {
		tokens int
		cost   float64
		want   string
	}{
		{MaxTokensPerDay, MaxCostPerDay, ""},
		{-1, 0, "tokens: -1"},
		{MaxTokensPerDay + 1, 0, "tokens: 1000000001"},
		{0, -0.5, "cost: -0.5"},
		{0, MaxCostPerDay + 1, "cost: 100001"},
		{0, math.NaN(), "cost: NaN"},
		{0, math.Inf(1), "cost: +Inf"},
	}
	for _, test := range tests {
		err := Settings{TokensPerDay: test.tokens, CostPerDay: test.cost}.Validate()
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("Validate of %d tokens and %v: %v, want %q", test.tokens, test.cost, err, test.want)
		}
	}
}

func TestReplyOverBudget(t *testing.T) {
	b := newBot(t)
	server := useModel(t, b, ModelOptions{TokensPerDay: 3000}, answers(kimAnswer), func(o *model.Options) { o.PromptPrice, o.ReplyPrice = 1, 2 })
	one := Question{Text: kimQuestion, Payer: "1"}
	if a := reply(t, b, one); a.Model != modeltest.Model {
		t.Fatalf("Reply = %+v, want an answer by the model", a)
	}
	tokens, cost := b.UsageOf("1")
	if tokens < 500 || tokens > 2000 || cost <= 0 {
		t.Fatalf("UsageOf = %d tokens, %v, want those of one call", tokens, cost)
	}
	one.Text = "Why was the debt a problem?"
	a := reply(t, b, one)
	if !a.Found || a.Model != Extractive || a.Without != FallbackBudget || server.Calls() != 1 {
		t.Errorf("Reply = %+v after %d calls, want the transcript's own words after one", a, server.Calls())
	}
	one.Text = kimQuestion
	if a := reply(t, b, one); a.Model != modeltest.Model {
		t.Error("a kept answer is not given when the budget is used up")
	}
	one.Payer = "2"
	if a := reply(t, b, one); a.Model != modeltest.Model {
		t.Error("another server's budget is used up, too")
	}
	if tokens, _ := b.UsageOf(""); tokens != 0 {
		t.Errorf("direct messages have used %d tokens, want none", tokens)
	}
	if m := b.Metrics(); m.Budget != 1 || m.Cached != 1 || m.Cost <= cost {
		t.Errorf("metrics: %+v, want one over budget, one cached, and both calls' cost", m)
	}
}

// TestReplyBudgetBurst asks at once what would cost many times the budget.
func TestReplyBudgetBurst(t *testing.T) {
	const limit = 6000
	b := newBot(t)
	texts := harbours(t, b)
	useModel(t, b, ModelOptions{TokensPerDay: limit}, answers("NOT FOUND"), func(o *model.Options) { o.Parallel = 32 })
	var group sync.WaitGroup
	for _, text := range texts {
		for _, more := range []string{"", " really", " and why"} {
			group.Go(func() {
				q := Question{Text: strings.TrimSuffix(text, "?") + more + "?", Filter: in100, Payer: "1"}
				if _, err := b.Reply(t.Context(), q); err != nil {
					t.Errorf("Reply: %v", err)
				}
			})
		}
	}
	group.Wait()
	if tokens, _ := b.UsageOf("1"); tokens > limit || tokens == 0 {
		t.Errorf("%d tokens are used, want some and at most %d", tokens, limit)
	}
	if m := b.Metrics(); m.Budget == 0 {
		t.Error("no question was over budget")
	}
}

func TestModelUsageKept(t *testing.T) {
	dir := t.TempDir()
	b := openBot(t, dir)
	now := time.Now()
	b.state.usage.reserve("1", modelUse{Tokens: 50}, modelUse{}, now)
	b.state.usage.settle("1", modelUse{Tokens: 50}, modelUse{Tokens: 42, Cost: 0.25}, now)
	if err := b.FlushUsage(t.Context()); err != nil {
		t.Fatal(err)
	}
	b = reopen(t, b, dir)
	if err := b.LoadUsage(t.Context(), now); err != nil {
		t.Fatal(err)
	}
	if tokens, cost := b.UsageOf("1"); tokens != 42 || cost != 0.25 {
		t.Errorf("UsageOf after a restart = %d, %v, want 42 and 0.25", tokens, cost)
	}
	b = reopen(t, b, dir)
	if err := b.LoadUsage(t.Context(), now.Add(24*time.Hour)); err != nil {
		t.Fatal(err)
	}
	b.state.usage.mutex.Lock()
	defer b.state.usage.mutex.Unlock()
	if in := b.state.usage.scopes["1"]; in != nil && in.used != (modelUse{}) {
		t.Errorf("on the next day %+v is used, want nothing", in.used)
	}
}

func TestOldUsageLoads(t *testing.T) {
	r := retrieval.Record{Value: []byte(`{"server":3,"users":{"7":{"n":3,"last":5}}}`)}
	got, err := decode[dayUsage](&r)
	if err != nil {
		t.Fatal(err)
	}
	want := &dayUsage{Server: 3, Users: map[string]*userUsage{"7": {Count: 3, Last: 5}}}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(dayUsage{})); diff != "" {
		t.Errorf("decoded (-want +got):\n%s", diff)
	}
}
