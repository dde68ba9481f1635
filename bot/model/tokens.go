package model

import (
	"math"
	"sync"
)

// Weights are tokens for each character, rather too many than too few: no text
// of a transcript in English, German, Spanish, French, Russian, Japanese,
// Chinese, Hindi or Arabic had more than a hundredth more by the tokenizers of Gemma 3 and
// SmolLM2, the second of which knows little but English. Both take each digit
// alone. English has about four letters to a token, so that 0.7 of this is
// enough there: that is what is learnt.
const (
	weightLetter = 0.36 // of ASCII, and spaces
	weightDigit  = 1.15
	weightSign   = 0.8  // other ASCII
	weightNear   = 0.95 // other letters of Europe and the Near East
	weightFar    = 1.8  // the scripts of Asia, and older symbols
	weightSymbol = 3    // emoji and rare signs, beyond U+FFFF
	// messageTokens is what a chat template puts around one message.
	messageTokens = 8
	// margin is added to what was learnt, since texts differ.
	margin = 1.05
	// The learnt factor stays within these bounds: an endpoint that cuts
	// prompts short, or counts only what it had not kept, tells too few.
	minScale, maxScale = 0.65, 4
	// minUnits is the shortest prompt that anything is learnt from, since
	// templates add tokens of their own.
	minUnits = 200
)

// units are the tokens of a text before anything is learnt.
func units(text string) float64 {
	var sum float64
	for _, r := range text {
		switch {
		case r == ' ' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z':
			sum += weightLetter
		case '0' <= r && r <= '9':
			sum += weightDigit
		case r < 0x80:
			sum += weightSign
		case r < 0x800:
			sum += weightNear
		case r < 0x10000:
			sum += weightFar
		default:
			sum += weightSymbol
		}
	}
	return sum
}

func promptUnits(messages []Message) float64 {
	var sum float64
	for _, m := range messages {
		sum += units(m.Text)
	}
	return sum
}

// counter estimates tokens and learns from counts that endpoints tell.
type counter struct {
	mu    sync.Mutex
	scale float64 // 0 is 1
}

func (c *counter) factor() float64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.scale == 0 {
		return 1
	}
	return c.scale * margin
}

func (c *counter) text(text string) int {
	if text == "" {
		return 0
	}
	return int(math.Ceil(units(text) * c.factor()))
}

func (c *counter) prompt(messages []Message) int {
	return int(math.Ceil(promptUnits(messages)*c.factor())) + messageTokens*len(messages)
}

// learn takes the true count of a prompt. The factor rises at once and falls
// slowly, so that it is rather too high.
func (c *counter) learn(messages []Message, told int) {
	u := promptUnits(messages)
	if u < minUnits || told <= 0 {
		return
	}
	ratio := min(max(float64(told)/u, minScale), maxScale)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.scale == 0 {
		c.scale = 1
	}
	if ratio > c.scale {
		c.scale = ratio
	} else {
		c.scale += (ratio - c.scale) / 32
	}
}
