package discord

import (
	"context"
	"strconv"
	"strings"

	"verbatim/bot"
	"verbatim/bot/discord/render"
	"verbatim/bot/discord/wire"
	"verbatim/bot/discord/words"
)

// settingsCommand is /settings: a panel for the asker alone.
func (a *Adapter) settingsCommand(ctx context.Context, r *request) error {
	if err := a.maySet(r); err != nil {
		return err
	}
	return r.say(ctx, a.settingsPanel(r, a.bot.Settings(r.asker.Scope)))
}

// settingsPanel shows settings, with what was used today of the language model.
func (a *Adapter) settingsPanel(r *request, s bot.Settings) wire.Outgoing {
	var used render.ModelUse
	used.Tokens, used.Cost = a.bot.UsageOf(r.asker.Scope)
	return r.renderOwn().Settings(s, a.options.Chat, used)
}

func (a *Adapter) maySet(r *request) error {
	if !r.inServer() {
		return errServersOnly
	}
	return a.bot.MaySet(r.asker)
}

// settingsAction changes one setting and shows the panel anew.
func (a *Adapter) settingsAction(ctx context.Context, r *request, action render.Action) error {
	if err := a.maySet(r); err != nil {
		return err
	}
	if err := r.deferOwn(ctx); err != nil {
		return err
	}
	settings, err := a.changeSettings(ctx, r, action)
	if err != nil {
		return err
	}
	_, err = r.send(ctx, a.settingsPanel(r, settings))
	return err
}

// changeSettings reads, changes and saves: two presses at once must not undo one
// another.
func (a *Adapter) changeSettings(ctx context.Context, r *request, action render.Action) (bot.Settings, error) {
	a.setting.Lock()
	defer a.setting.Unlock()
	settings := a.bot.Settings(r.asker.Scope)
	if err := change(&settings, r, action); err != nil {
		return settings, err
	}
	return settings, a.bot.SaveSettings(ctx, r.asker.Scope, settings)
}

// change puts what was chosen into the settings.
func change(s *bot.Settings, r *request, action render.Action) error {
	values := r.i.Data.Values
	switch action.Kind {
	case render.KindAskRoles:
		s.AskRoles = values
	case render.KindAddRoles:
		s.AddRoles = values
	case render.KindPrivate:
		s.Private = action.N == render.WantPrivate // not the other of what is: the panel may be an old one
	case render.KindLanguage:
		s.Language = ""
		if len(values) == 1 && values[0] != render.LanguageOfServer {
			s.Language = values[0]
		}
	case render.KindLimitsForm:
		for _, f := range []limitField{
			{render.FieldUserPerDay, words.LimitsUser, bot.MaxPerDay, &s.UserPerDay},
			{render.FieldServerPerDay, words.LimitsServer, bot.MaxPerDay, &s.ServerPerDay},
			{render.FieldCooldown, words.LimitsCooldown, bot.MaxCooldown, &s.CooldownSeconds},
		} {
			n, err := strconv.Atoi(strings.TrimSpace(r.i.Data.Field(f.id)))
			if err != nil || n < 0 || n > f.most {
				return &limitError{what: f.name, most: f.most}
			}
			*f.to = n
		}
		return changeBudget(s, r)
	}
	return nil
}

// changeBudget takes in the limits of the language model, as far as the form had
// them.
func changeBudget(s *bot.Settings, r *request) error {
	if tokens := r.i.Data.Field(render.FieldTokens); tokens != "" {
		n, err := strconv.Atoi(strings.TrimSpace(tokens))
		if err != nil || n < 0 || n > bot.MaxTokensPerDay {
			return &limitError{what: words.LimitsTokens, most: bot.MaxTokensPerDay}
		}
		s.TokensPerDay = n
	}
	if cost := r.i.Data.Field(render.FieldCost); cost != "" {
		v, err := strconv.ParseFloat(strings.Replace(strings.TrimSpace(cost), ",", ".", 1), 64)
		if err != nil || !(v >= 0 && v <= bot.MaxCostPerDay) { // NaN is neither
			return &limitError{what: words.LimitsCost, most: bot.MaxCostPerDay, money: true}
		}
		s.CostPerDay = v
	}
	return nil
}

// limitField is a number in the form of the limits.
type limitField struct {
	id   string
	name words.Key
	most int
	to   *int
}

// limitsAction opens the form of the limits.
func (a *Adapter) limitsAction(ctx context.Context, r *request, _ render.Action) error {
	if err := a.maySet(r); err != nil {
		return err
	}
	return r.openModal(ctx, r.renderOwn().LimitsForm(a.bot.Settings(r.asker.Scope), a.options.Chat))
}

// forgetAction deletes what is kept of the asker.
func (a *Adapter) forgetAction(ctx context.Context, r *request, _ render.Action) error {
	if err := r.deferOwn(ctx); err != nil {
		return err
	}
	n, err := a.bot.Forget(ctx, r.asker.User)
	if err != nil {
		return err
	}
	_, err = r.send(ctx, r.renderOwn().Forgotten(n))
	return err
}

// feedbackAction takes a thumb: up is stored at once, down asks why first.
func (a *Adapter) feedbackAction(ctx context.Context, r *request, action render.Action) error {
	if action.Kind == render.KindDown {
		return r.openModal(ctx, r.renderOwn().WhyForm())
	}
	return a.saveFeedback(ctx, r, true, "")
}

// feedbackFormAction stores a thumb down with its reason.
func (a *Adapter) feedbackFormAction(ctx context.Context, r *request, _ render.Action) error {
	return a.saveFeedback(ctx, r, false, r.i.Data.Field(render.FieldReason))
}

func (a *Adapter) saveFeedback(ctx context.Context, r *request, good bool, reason string) error {
	if err := r.deferMessage(ctx, true); err != nil {
		return err
	}
	f := bot.Feedback{User: r.asker.User, Scope: r.turns, Good: good, Reason: reason, At: a.now()}
	if r.i.Message != nil {
		f.Message = r.i.Message.ID
	}
	if turn, err := a.bot.TurnOf(ctx, r.turns, f.Message); err == nil {
		f.Question = turn.Question
	}
	if err := a.bot.SaveFeedback(ctx, f); err != nil {
		return err
	}
	_, err := r.send(ctx, r.renderOwn().Thanks(good))
	return err
}
