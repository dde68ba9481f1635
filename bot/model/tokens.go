package model

import (
	"math"
	"sync"
)

// Weights are tokens for each character, rather too many than too few: the
// tokenizers of today's models take three to five letters of English for one
// token, many take each digit alone, and few know more than parts of words of
// other scripts.
const (
	weightLetter = 0.3
	weightOther  = 0.7 // digits and signs of ASCII, and letters of Europe and the Near East
	weightFar    = 1.5 // the scripts of Asia, and symbols
	// messageTokens is what a chat template puts around one message.
	messageTokens = 8
	// margin is added to what was learnt, since texts differ.
	margin = 1.05
	// The learnt factor stays within these bounds: an endpoint that cuts
	// prompts short, or counts only what it had not kept, tells too few.
	minScale, maxScale = 0.6, 4
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
		case r < 0x800:
			sum += weightOther
		default:
			sum += weightFar
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
		c.scale += (ratio - c.scale) / 8
	}
}
