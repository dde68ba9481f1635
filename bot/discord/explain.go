package discord

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"verbatim/bot"
	"verbatim/bot/discord/render"
	"verbatim/bot/discord/rest"
	"verbatim/bot/discord/words"
	"verbatim/retrieval"
	"verbatim/retrieval/transcript"
)

// Errors of this package that people are told about in words of their own.
var (
	errUnknownRequest = errors.New("request is not known")
	errServersOnly    = errors.New("works in servers only")
	errRemoved        = errors.New("episode was removed")
	errNoEpisodes     = errors.New("there are no episodes yet")
	errPublicEpisode  = errors.New("episode belongs to everybody")
	errNoText         = errors.New("message has no words")
	errLongQuestion   = errors.New("question is too long")
	errNoThreads      = errors.New("asker may not open threads")
	errAudioURL       = errors.New("audio address is no URL")
)

// plainErrors are those that one text says all about.
var plainErrors = []struct {
	err  error
	text words.Key
}{
	{errBusy, words.Busy},
	{errStopping, words.ShuttingDown},
	{errServersOnly, words.OnlyInServer},
	{errRemoved, words.EpisodeGone},
	{errPublicEpisode, words.RemovePublic},
	{errNoText, words.CheckNoWords},
	{errAudioURL, words.UploadAudio},
	{errUnknownRequest, words.OldCommand},
	{render.ErrOldButton, words.OldButton},
	{bot.ErrNothing, words.QuestionEmpty},
	{bot.ErrNoUndo, words.UndoLate},
	{errUploadFetch, words.UploadFetch},
	{errUploadHost, words.UploadNotDiscord},
	{retrieval.ErrFull, words.UploadFull},
	{retrieval.ErrLocked, words.UploadBusy},
	{context.Canceled, words.ShuttingDown},
	{context.DeadlineExceeded, words.Busy},
}

// explain is what people are told of an error, in the asker's language.
func (r *request) explain(err error) string {
	return r.explainTo(err, listener{language: r.own, thread: r.i.Channel.IsThread(), file: r.fileName(), scope: r.asker.Scope, log: r.log})
}

// explainIn is the same for a message.
func (s *message) explainIn(err error) string {
	return s.explainTo(err, listener{language: s.public, direct: true, thread: s.guilds.parent(s.m.ChannelID) != "", scope: s.asker.Scope, log: s.log})
}

// fileName is the name of the attachment that came with a command, "" without.
func (r *request) fileName() string {
	for _, file := range r.i.Data.Resolved.Attachments {
		return file.Filename
	}
	return ""
}

// listener is whom an error is explained to.
type listener struct {
	language words.Language
	thread   bool
	// direct says that he is told in a direct message, where roles have no names.
	direct bool
	file   string
	// scope is the server's, "" elsewhere.
	scope retrieval.Scope
	log   *slog.Logger
}

// explainTo turns an error into words: what happened and what to try. What is
// no fault of the asker's is logged, and told by a reference alone.
func (a *Adapter) explainTo(err error, to listener) string {
	l := to.language
	for _, known := range plainErrors {
		if errors.Is(err, known.err) {
			return l.Say(known.text)
		}
	}
	if text := explainAsked(err, l); text != "" {
		return text
	}
	if text := explainUpload(err, to); text != "" {
		return text
	}
	var denied *bot.Denied
	if errors.As(err, &denied) {
		return a.explainDenied(denied, to)
	}
	if permission := missingPermission(err, to.thread); permission != "" {
		return l.Say(words.MissingPermission, l.Say(permission))
	}
	reference := newReference()
	var panicked *panicError
	if errors.As(err, &panicked) {
		reference = panicked.reference
	} else {
		to.log.Error("request failed", "reference", reference, "error", err)
	}
	return l.Say(words.ErrorGeneral) + "\n-# " + l.Say(words.ErrorReference, reference)
}

// explainAsked explains what is wrong with what somebody asked for; "" for
// other errors.
func explainAsked(err error, l words.Language) string {
	var ambiguous *bot.AmbiguousEpisode
	var limit *limitError
	switch {
	case errors.As(err, &ambiguous):
		return explainEpisode(ambiguous, l)
	case errors.Is(err, retrieval.ErrUnknownEpisode):
		return l.Say(words.EpisodeGone)
	case errors.Is(err, errNoEpisodes):
		return l.Say(words.NothingAdded) + "\n" + l.Say(words.NothingAddedHow, "`"+l.Slash(commandTranscript, subAdd)+"`")
	case errors.Is(err, errNoThreads):
		return l.Say(words.DeniedThread, l.Say(words.PeopleWith, l.Say(words.CreateThreads)))
	case errors.Is(err, errLongQuestion):
		return l.Say(words.FormTooLong, maxQuestion)
	case errors.Is(err, bot.ErrLongQuote):
		return l.Say(words.QuoteTooLong, retrieval.MaxQuoteWords)
	case errors.As(err, &limit) && limit.money:
		return l.Say(words.SettingsAmount, l.Say(limit.what), 0, limit.most)
	case errors.As(err, &limit):
		return l.Say(words.SettingsRange, l.Say(limit.what), 0, limit.most)
	}
	return ""
}

// limitError is a limit that is no number, or out of its range from 0 on.
type limitError struct {
	what words.Key
	most int
	// money says that it need be no whole number.
	money bool
}

// Error gives the range.
func (e *limitError) Error() string { return fmt.Sprintf("limit %s: want 0 to %d", e.what, e.most) }

// explainEpisode says that no episode is meant clearly, with those near it.
func explainEpisode(e *bot.AmbiguousEpisode, l words.Language) string {
	lines := []string{l.Say(words.EpisodeUnknown, l.Quoted(render.Escape(cut(e.Text, 100))))}
	if len(e.Near) > 0 {
		lines = append(lines, l.Say(words.DidYouMean))
		for i := range e.Near[:min(len(e.Near), 5)] {
			lines = append(lines, "- "+render.EpisodeLine(&e.Near[i], l))
		}
	}
	return strings.Join(append(lines, "-# "+l.Say(words.EpisodeUnknownHint, "`"+l.Slash(commandEpisodes)+"`")), "\n")
}

// explainUpload explains what is wrong with a transcript; "" for other errors.
func explainUpload(err error, to listener) string {
	l := to.language
	name := render.Escape(cut(to.file, 100))
	var unreadable *transcript.Error
	var date *dateError
	switch {
	case errors.Is(err, errUploadSize):
		return l.Say(words.UploadTooLarge, name, l.Size(maxUpload))
	case errors.Is(err, errUploadKind):
		kinds := make([]string, len(uploadKinds))
		for i, kind := range uploadKinds {
			kinds[i] = "`" + kind + "`"
		}
		return l.Say(words.UploadKind, name, strings.Join(kinds, " "))
	case errors.Is(err, errUploadEmpty):
		return l.Say(words.UploadUnreadable, name) + " " + l.Say(words.ReasonEmpty)
	case errors.As(err, &date):
		return l.Say(words.UploadDate, l.Quoted(render.Escape(cut(date.text, 40))))
	case errors.As(err, &unreadable):
		return explainTranscript(unreadable, name, l)
	}
	return ""
}

// transcriptReasons say why a file is no transcript.
var transcriptReasons = []struct {
	err  error
	text words.Key
}{
	{transcript.ErrEmpty, words.ReasonEmpty},
	{transcript.ErrNotTranscript, words.ReasonNoTranscript},
	{transcript.ErrTooLarge, words.ReasonTooLarge},
	{transcript.ErrTooLong, words.ReasonTooLong},
	{transcript.ErrTooManyLines, words.ReasonTooMany},
}

// explainTranscript says which file cannot be read, where and why. What the
// reader found is in English and so in small print.
func explainTranscript(e *transcript.Error, name string, l words.Language) string {
	text := l.Say(words.UploadUnreadable, name)
	if e.Line > 0 {
		text = l.Say(words.UploadUnreadableAt, name, e.Line)
	}
	for _, reason := range transcriptReasons {
		if errors.Is(e, reason.err) {
			text += " " + l.Say(reason.text)
			break
		}
	}
	if e.Reason != "" {
		text += "\n-# " + render.Escape(cut(e.Reason, 200))
	}
	return text
}

// explainDenied says what is not allowed and who may, or for how long to wait.
func (a *Adapter) explainDenied(d *bot.Denied, to listener) string {
	l, settings := to.language, a.bot.Settings(to.scope)
	if to.direct {
		settings.AskRoles, settings.AddRoles = nil, nil
	}
	until := fmt.Sprintf("<t:%d:R>", a.now().Add(d.Wait+time.Second-1).Unix())
	switch d.Kind {
	case bot.DeniedCooldown:
		return l.Say(words.DeniedCooldown, until)
	case bot.DeniedUserDay:
		return l.Say(words.DeniedUserDay, d.Limit, until)
	case bot.DeniedServerDay:
		return l.Say(words.DeniedServerDay, d.Limit, until)
	case bot.DeniedManage:
		return l.Say(words.DeniedManage, whoMay(settings.AddRoles, l))
	case bot.DeniedSettings:
		return l.Say(words.DeniedSettings, whoMay(nil, l))
	}
	return l.Say(words.DeniedAsk, whoMay(settings.AskRoles, l))
}

// whoMay lists roles, and those who manage the server.
func whoMay(roles []string, l words.Language) string {
	var list []string
	for _, role := range roles {
		list = append(list, "<@&"+role+">") // pings nobody: allowed_mentions is none
	}
	return l.List(append(list, l.Say(words.PeopleWith, l.Say(words.ManageServer))))
}

// Codes of Discord that name what the bot may not do
// [https://docs.discord.com/developers/topics/opcodes-and-status-codes, read
// 2026-08-06].
const (
	codeMissingAccess  = 50001
	codeNoReplyHistory = 160002
)

// noPermission are codes of what no permission would allow: writing in an
// archived thread, a thread where there are none.
var noPermission = []int{50083, 50024}

// missingPermission is the permission that the bot lacks, "" when it is not
// that. Discord names it by the route and the code.
func missingPermission(err error, thread bool) words.Key {
	var e *rest.Error
	if !errors.As(err, &e) || !rest.IsForbidden(err) && e.Code != codeNoReplyHistory || slices.Contains(noPermission, e.Code) {
		return ""
	}
	switch {
	case e.Code == codeMissingAccess:
		return words.ViewChannel
	case e.Code == codeNoReplyHistory:
		return words.ReadHistory
	case strings.HasSuffix(e.Route, "/threads"):
		return words.CreateThreads
	case thread:
		return words.SendInThreads
	}
	return words.SendMessages
}

// dateError is a date that is no day.
type dateError struct{ text string }

// Error quotes it.
func (e *dateError) Error() string {
	return fmt.Sprintf("date %q: want a day such as 2025-03-06", e.text)
}

// cut shortens a text to n characters, the last being an ellipsis then.
func cut(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(slices.Concat(r[:n-1], []rune("…")))
}
