package model

// Price is what so many tokens cost, in the currency of the prices.
func (c *Client) Price(promptTokens, replyTokens int) float64 {
	return (float64(promptTokens)*c.options.PromptPrice + float64(replyTokens)*c.options.ReplyPrice) / 1e6
}
