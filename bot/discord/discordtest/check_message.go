package discordtest

import (
	"net/url"
	"strings"
	"unicode/utf8"
)

// Limits of messages [resources/message, components/reference]. Lengths are in
// code points.
const (
	maxContent    = 2000
	maxText       = 4000 // of all text displays together; observed
	maxComponents = 40
	maxEmbedText  = 6000
)

// message checks a message or an edit. What it was before is not known here,
// see Server.merge.
func (c *checker) message(at place, m map[string]any, flags int64) {
	if m == nil {
		return
	}
	content, _ := c.text(at, m, "content", 0, maxContent)
	embeds := c.list(at, m, "embeds", 10)
	c.embeds(at, embeds)
	c.mentions(at, m)
	c.list(at, m, "attachments", 10)
	given, _ := c.whole(at, m, "flags")
	switch extra := given &^ flags; {
	case extra != 0 && flags == settableOnEdit:
		c.shun(at.at("flags"), "%d may not be set in an edit", extra)
	case extra != 0:
		c.bad(at.at("flags"), "FLAGS", "may not set %d here", extra)
	}
	v2 := given&flagV2 != 0
	components := c.list(at, m, "components", maxComponents)
	if v2 {
		c.onlyComponents(at, m, content, embeds)
	}
	isV2 := v2 || hasV2Component(components)
	c.components(at.at("components"), components, isV2)
	if isV2 && !v2 && flags&flagV2 != 0 && flags != settableOnEdit {
		c.bad(at.at("components"), "COMPONENT_TYPE", "these kinds of components need the flag IS_COMPONENTS_V2 (32768)")
	}
}

// onlyComponents checks what a V2 message may not have.
func (c *checker) onlyComponents(at place, m map[string]any, content string, embeds []any) {
	if content != "" {
		c.bad(at.at("content"), "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", "not together with IS_COMPONENTS_V2")
	}
	if len(embeds) > 0 {
		c.bad(at.at("embeds"), "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", "not together with IS_COMPONENTS_V2")
	}
	for _, key := range []string{"poll", "sticker_ids", "stickers"} {
		if m[key] != nil {
			c.bad(at.at(key), "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", "not together with IS_COMPONENTS_V2")
		}
	}
}

// notEmpty checks that a new message has something to show.
func (c *checker) notEmpty(m map[string]any) {
	content, _ := m["content"].(string)
	for _, key := range []string{"embeds", "components", "attachments"} {
		if l, _ := m[key].([]any); len(l) > 0 {
			return
		}
	}
	if strings.TrimSpace(content) == "" {
		c.bad(place{}, "BASE_TYPE_REQUIRED", "an empty message")
	}
}

// mentions checks that nobody is pinged: allowed_mentions with an empty parse
// list, in every message and edit.
func (c *checker) mentions(at place, m map[string]any) {
	here := at.at("allowed_mentions")
	allowed, ok := m["allowed_mentions"].(map[string]any)
	if !ok {
		c.shun(here, "missing, so Discord's defaults apply, which ping")
		return
	}
	parse, ok := allowed["parse"].([]any)
	if !ok || len(parse) > 0 {
		c.shun(here.at("parse"), "must be an empty list, is %v", allowed["parse"])
	}
	for _, key := range []string{"users", "roles"} {
		if l, _ := allowed[key].([]any); len(l) > 0 {
			c.shun(here.at(key), "pings %v", l)
		}
	}
}

// embeds checks embeds and the text of all of them.
func (c *checker) embeds(at place, embeds []any) {
	total := 0
	add := func(s string, _ bool) { total += utf8.RuneCountInString(strings.TrimSpace(s)) }
	for i, v := range embeds {
		here := at.at("embeds", i)
		m := c.object(here, v)
		if m == nil {
			continue
		}
		add(c.text(here, m, "title", 0, 256))
		add(c.text(here, m, "description", 0, 4096))
		c.address(here, m, "url", 2048)
		for j, f := range c.list(here, m, "fields", 25) {
			at := here.at("fields", j)
			field := c.object(at, f)
			if field == nil {
				continue
			}
			for _, k := range []struct {
				key string
				max int
			}{{"name", 256}, {"value", 1024}} {
				text := c.need(at, field, k.key, 1, k.max)
				if text != "" && strings.TrimSpace(text) == "" {
					c.bad(at.at(k.key), "BASE_TYPE_REQUIRED", "may not be blank")
				}
				add(text, true)
			}
		}
		if f, ok := m["footer"].(map[string]any); ok {
			add(c.text(here.at("footer"), f, "text", 0, 2048))
		}
		if a, ok := m["author"].(map[string]any); ok {
			add(c.text(here.at("author"), a, "name", 0, 256))
		}
	}
	if total > maxEmbedText {
		c.bad(at.at("embeds"), "MAX_EMBED_SIZE_EXCEEDED", "all text of embeds must be %d or fewer, is %d", maxEmbedText, total)
	}
}

// address checks an address where one is given.
func (c *checker) address(at place, m map[string]any, key string, maximum int) {
	text, ok := c.text(at, m, key, 1, maximum)
	if !ok {
		return
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme == "" || (u.Host == "" && u.Scheme != "attachment" && u.Scheme != "discord") {
		c.bad(at.at(key), "URL_TYPE_INVALID_URL", "%q is no address", text)
		return
	}
	switch u.Scheme {
	case "http", "https", "attachment", "discord":
	default:
		c.bad(at.at(key), "URL_TYPE_INVALID_SCHEME", "the scheme of %q must be http or https", text)
	}
}
