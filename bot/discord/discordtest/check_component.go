package discordtest

import "unicode/utf8"

// Kinds of components [components/reference].
const (
	typeRow         = 1
	typeButton      = 2
	typeSelect      = 3
	typeTextInput   = 4
	typeUserSelect  = 5
	typeRoleSelect  = 6
	typeMentionable = 7
	typeChannelSel  = 8
	typeSection     = 9
	typeTextDisplay = 10
	typeThumbnail   = 11
	typeGallery     = 12
	typeFile        = 13
	typeSeparator   = 14
	typeContainer   = 17
	typeLabel       = 18
	typeFileUpload  = 19
	typeRadio       = 21
	typeCheckboxes  = 22
	typeCheckbox    = 23
	styleLink       = 5
	stylePremium    = 6
)

func isSelect(kind int) bool {
	return kind == typeSelect || kind >= typeUserSelect && kind <= typeChannelSel
}

func kindOf(m map[string]any) int {
	f, _ := m["type"].(float64)
	return int(f)
}

// hasV2Component reports whether a component stands at the top that only V2
// messages may have.
func hasV2Component(components []any) bool {
	for _, v := range components {
		if m, ok := v.(map[string]any); ok && kindOf(m) >= typeSection {
			return true
		}
	}
	return false
}

// tally is what is counted over a whole message.
type tally struct {
	count, text int
	ids         map[string]bool
}

// components checks the components of a message.
func (c *checker) components(at place, components []any, v2 bool) {
	if !v2 && len(components) > 5 {
		c.bad(at, "BASE_TYPE_MAX_LENGTH", "at most 5 rows without V2, has %d", len(components))
	}
	t := &tally{ids: map[string]bool{}}
	for i, v := range components {
		c.component(at.at(i), v, t, topKinds)
	}
	if v2 && t.count > maxComponents {
		c.bad(at, "BASE_TYPE_MAX_LENGTH", "at most %d components, nested ones and accessories counted, has %d", maxComponents, t.count)
	}
	if t.text > maxText {
		c.bad(at, "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", "all text displays together must be %d or fewer, are %d", maxText, t.text)
	}
}

// Kinds that may stand in each place.
var (
	topKinds       = []int{typeRow, typeSection, typeTextDisplay, typeGallery, typeFile, typeSeparator, typeContainer}
	containerKinds = []int{typeRow, typeSection, typeTextDisplay, typeGallery, typeFile, typeSeparator}
	rowKinds       = []int{typeButton, typeSelect, typeUserSelect, typeRoleSelect, typeMentionable, typeChannelSel}
	sectionKinds   = []int{typeTextDisplay}
	accessoryKinds = []int{typeButton, typeThumbnail}
)

func (c *checker) component(at place, v any, t *tally, allowed []int) {
	m := c.object(at, v)
	if m == nil {
		return
	}
	kind := kindOf(m)
	ok := false
	for _, k := range allowed {
		ok = ok || k == kind
	}
	if !ok {
		c.bad(at.at("type"), "UNION_TYPE_CHOICES", "component %d may not stand here, only %v", kind, allowed)
		return
	}
	t.count++
	c.idNumbers(at, m, t.ids)
	switch kind {
	case typeRow:
		c.row(at, m, t)
	case typeButton:
		c.button(at, m)
	case typeSelect, typeUserSelect, typeRoleSelect, typeMentionable, typeChannelSel:
		c.selectMenu(at, m, kind)
	case typeSection:
		c.section(at, m, t)
	case typeTextDisplay:
		t.text += utf8.RuneCountInString(c.need(at, m, "content", 1, maxText))
	case typeThumbnail:
		c.media(at, m, "media")
		c.text(at, m, "description", 0, 1024)
	case typeGallery:
		c.gallery(at, m)
	case typeFile:
		c.media(at, m, "file")
	case typeSeparator:
		c.within(at, m, "spacing", 1, 2)
	case typeContainer:
		c.within(at, m, "accent_color", 0, 0xffffff)
		c.nested(at, m, t, containerKinds, 1, maxComponents)
	}
}

// nested checks the components within a component.
func (c *checker) nested(at place, m map[string]any, t *tally, allowed []int, minimum, maximum int) []any {
	l := c.list(at, m, "components", maximum)
	if len(l) < minimum {
		c.bad(at.at("components"), "BASE_TYPE_MIN_LENGTH", "must have %d or more entries, has %d", minimum, len(l))
	}
	for i, v := range l {
		c.component(at.at("components", i), v, t, allowed)
	}
	return l
}

func (c *checker) row(at place, m map[string]any, t *tally) {
	l := c.nested(at, m, t, rowKinds, 1, 5)
	for i, v := range l {
		if e, ok := v.(map[string]any); ok && kindOf(e) != typeButton && len(l) > 1 {
			c.bad(at.at("components", i), "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "a select fills its row")
		}
	}
}

func (c *checker) section(at place, m map[string]any, t *tally) {
	c.nested(at, m, t, sectionKinds, 1, 3)
	if m["accessory"] == nil {
		c.bad(at.at("accessory"), "BASE_TYPE_REQUIRED", "is required")
		return
	}
	c.component(at.at("accessory"), m["accessory"], t, accessoryKinds)
}

func (c *checker) button(at place, m map[string]any) {
	style, _ := c.whole(at, m, "style")
	if style < 1 || style > stylePremium {
		c.bad(at.at("style"), "BASE_TYPE_CHOICES", "%d is no style", style)
	}
	label, _ := c.text(at, m, "label", 0, 80)
	c.customID(at, m, style != styleLink && style != stylePremium)
	c.emoji(at, m)
	if label == "" && m["emoji"] == nil && style != stylePremium {
		c.bad(at, "BUTTON_COMPONENT_LABEL_OR_EMOJI", "a button needs a label or an emoji")
	}
	switch {
	case style == styleLink && m["url"] == nil:
		c.bad(at.at("url"), "BASE_TYPE_REQUIRED", "is required in a link")
	case style != styleLink && m["url"] != nil:
		c.bad(at.at("url"), "BUTTON_COMPONENT_INVALID_URL", "only a link has an address")
	default:
		c.address(at, m, "url", 512)
	}
}

func (c *checker) emoji(at place, m map[string]any) {
	if e, ok := m["emoji"].(map[string]any); ok && e["id"] == nil {
		if name, _ := e["name"].(string); name == "" {
			c.bad(at.at("emoji", "name"), "BUTTON_COMPONENT_INVALID_EMOJI", "an emoji needs a name or an id")
		}
	}
}

// customID checks a custom_id that must be there, or must not.
func (c *checker) customID(at place, m map[string]any, wanted bool) {
	switch {
	case wanted:
		c.need(at, m, "custom_id", 1, 100)
	case m["custom_id"] != nil:
		c.bad(at.at("custom_id"), "BUTTON_COMPONENT_CUSTOM_ID", "a link has none")
	}
}

func (c *checker) selectMenu(at place, m map[string]any, kind int) {
	c.customID(at, m, true)
	c.text(at, m, "placeholder", 0, 150)
	c.within(at, m, "min_values", 0, 25)
	c.within(at, m, "max_values", 1, 25)
	low, hasLow := c.whole(at, m, "min_values")
	high, hasHigh := c.whole(at, m, "max_values")
	if hasLow && hasHigh && low > high {
		c.bad(at.at("min_values"), "NUMBER_TYPE_MAX", "more than max_values")
	}
	if kind != typeSelect {
		c.list(at, m, "default_values", 25)
		return
	}
	options := c.list(at, m, "options", 25)
	if len(options) == 0 {
		c.bad(at.at("options"), "BASE_TYPE_REQUIRED", "is required")
	}
	seen := map[string]bool{}
	for i, v := range options {
		here := at.at("options", i)
		o := c.object(here, v)
		if o == nil {
			continue
		}
		c.need(here, o, "label", 1, 100)
		value := c.need(here, o, "value", 1, 100)
		c.text(here, o, "description", 0, 100)
		if seen[value] {
			c.bad(here.at("value"), "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "%q occurs twice", value)
		}
		seen[value] = true
	}
	if hasHigh && len(options) > 0 && int(high) > len(options) {
		c.bad(at.at("max_values"), "NUMBER_TYPE_MAX", "%d, with only %d options", high, len(options))
	}
}

func (c *checker) media(at place, m map[string]any, key string) {
	item := c.object(at.at(key), m[key])
	if item == nil {
		return
	}
	c.need(at.at(key), item, "url", 1, 2048)
	c.address(at.at(key), item, "url", 2048)
}

func (c *checker) gallery(at place, m map[string]any) {
	items := c.list(at, m, "items", 10)
	if len(items) == 0 {
		c.bad(at.at("items"), "BASE_TYPE_REQUIRED", "is required")
	}
	for i, v := range items {
		if item := c.object(at.at("items", i), v); item != nil {
			c.media(at.at("items", i), item, "media")
			c.text(at.at("items", i), item, "description", 0, 1024)
		}
	}
}

// modal checks a form [components/using-modal-components].
func (c *checker) modal(at place, m map[string]any) {
	c.need(at, m, "custom_id", 1, 100)
	c.need(at, m, "title", 1, 45)
	l := c.list(at, m, "components", 5)
	if len(l) == 0 {
		c.bad(at.at("components"), "BASE_TYPE_REQUIRED", "is required")
	}
	seen := map[string]bool{}
	for i, v := range l {
		here := at.at("components", i)
		e := c.object(here, v)
		if e == nil {
			continue
		}
		switch kindOf(e) {
		case typeLabel:
			c.need(here, e, "label", 1, 45)
			c.text(here, e, "description", 0, 100)
			c.field(here.at("component"), e["component"], seen, true)
		case typeRow:
			for j, f := range c.list(here, e, "components", 1) {
				c.field(here.at("components", j), f, seen, false)
			}
		case typeTextDisplay:
			c.need(here, e, "content", 1, maxText)
		default:
			c.bad(here.at("type"), "UNION_TYPE_CHOICES", "component %d may not stand in a modal", kindOf(e))
		}
	}
}

// field checks a field of a form; within a label it has no label of its own.
func (c *checker) field(at place, v any, seen map[string]bool, labelled bool) {
	m := c.object(at, v)
	if m == nil {
		return
	}
	c.idNumbers(at, m, seen)
	switch kind := kindOf(m); {
	case kind == typeTextInput:
		c.need(at, m, "custom_id", 1, 100)
		c.within(at, m, "style", 1, 2)
		c.text(at, m, "placeholder", 0, 100)
		c.within(at, m, "min_length", 0, 4000)
		c.within(at, m, "max_length", 1, 4000)
		limit := int64(4000)
		if n, ok := c.whole(at, m, "max_length"); ok {
			limit = n
		}
		c.text(at, m, "value", 0, int(limit))
		if !labelled {
			c.need(at, m, "label", 1, 45)
		} else if label, _ := m["label"].(string); label != "" {
			c.bad(at.at("label"), "TEXT_INPUT_LABEL", "not within a label")
		}
	case isSelect(kind) && labelled:
		c.selectMenu(at, m, kind)
	case labelled && (kind == typeFileUpload || kind >= typeRadio && kind <= typeCheckbox):
		c.need(at, m, "custom_id", 1, 100)
	default:
		c.bad(at.at("type"), "UNION_TYPE_CHOICES", "component %d may not stand here", kind)
	}
}
