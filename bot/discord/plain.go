package discord

import (
	"regexp"
	"strings"
)

// stripMention takes mentions of the bot out of a message.
func stripMention(content, self string) string {
	return strings.NewReplacer("<@"+self+">", " ", "<@!"+self+">", " ").Replace(content)
}

// Markup of Discord that carries no words
// [https://docs.discord.com/developers/reference, "Message Formatting", read
// 2026-08-06].
var (
	markupTags  = regexp.MustCompile(`<(?:@[!&]?\d+|#\d+|a?:\w+:\d+|t:-?\d+(?::[a-zA-Z])?|/[^<>:]+:\d+|id:\w+)>`)
	markupLink  = regexp.MustCompile(`\[([^\]\n]+)\]\(<?https?://[^\s)]+>?(?:\s+"[^"]*")?\)`)
	markupURL   = regexp.MustCompile(`<?https?://[^\s<>]+>?`)
	markupLine  = regexp.MustCompile(`(?m)^[ \t]*(?:>>>|>|#{1,3}|-#|[-*+]|\d+\.)[ \t]+`)
	markupFence = regexp.MustCompile("```(?:[a-zA-Z0-9+#-]+\n)?")
	markupMarks = regexp.MustCompile(`\*+|~~|\|\||` + "`+")
	markupUnder = regexp.MustCompile(`(^|[^\pL\pN_])_+|_+($|[^\pL\pN_])`)
	markupSlash = regexp.MustCompile(`\\([\\*_~|>#\-+\[\]()<` + "`" + `.:@!])`)
)

// escapedBase is where escaped characters stand while markup is taken out: in
// a private use area, which no message has words in.
const escapedBase = '\uE000'

// plainText is what a message says: its words without markup, mentions, links'
// addresses and emoji of servers, white space single.
func plainText(content string) string {
	content = strings.Map(func(r rune) rune {
		if r >= escapedBase && r < escapedBase+0x80 {
			return -1
		}
		return r
	}, content)
	content = markupSlash.ReplaceAllStringFunc(content, func(s string) string { return string(escapedBase + rune(s[1])) })
	for _, step := range []struct {
		pattern *regexp.Regexp
		with    string
	}{
		{markupFence, " "}, {markupTags, " "}, {markupLink, "$1"}, {markupURL, " "}, {markupLine, ""}, {markupMarks, ""}, {markupUnder, "$1$2"},
	} {
		content = step.pattern.ReplaceAllString(content, step.with)
	}
	content = strings.Map(func(r rune) rune {
		if r >= escapedBase && r < escapedBase+0x80 {
			return r - escapedBase
		}
		return r
	}, content)
	return strings.Join(strings.Fields(content), " ")
}
