package rest

import (
	"context"
	"net/http"

	"verbatim/bot/discord/wire"
)

// Draft is an Editor of a message in a channel that is not there yet: its first
// state makes it.
type Draft struct {
	*Editor
	channel string
	first   wire.Outgoing // what it replies to, and its nonce
}

// DraftIn makes a draft of a message in a channel. Of first, which must have a
// nonce, the reference and the nonce are taken.
func (c *Client) DraftIn(channel string, first wire.Outgoing) *Draft {
	d := &Draft{Editor: c.newEditor(), channel: channel, first: first}
	d.show = func(m wire.Outgoing) *call {
		d.mutex.Lock()
		defer d.mutex.Unlock()
		if d.posted != nil {
			return editCall(d.channel, d.posted.ID, m)
		}
		return sendCall(d.channel, d.named(m))
	}
	return d
}

// named is the message with what makes it come once, in its place.
func (d *Draft) named(m wire.Outgoing) wire.Outgoing {
	m.Reference, m.Nonce = d.first.Reference, d.first.Nonce
	return m
}

// Message is the message that the draft stands in, nil when none is known of.
func (d *Draft) Message() *wire.Message {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	return d.posted
}

// Final closes the draft and puts the answer in its place. Without a draft, or
// where somebody has deleted it, the answer is sent.
func (d *Draft) Final(ctx context.Context, m wire.Outgoing) (*wire.Message, error) {
	d.Settle(ctx)
	switch {
	case d.posted != nil: // no lock: nothing is written after Close
		sent, err := d.client.EditMessage(ctx, d.channel, d.posted.ID, m)
		if !hasCode(err, codeUnknownMessage) {
			return sent, err
		}
		m.Reference, m.Nonce = d.first.Reference, "" // the old nonce is the deleted message's
		return d.client.Send(ctx, d.channel, m)
	case !d.tried:
		return d.client.Send(ctx, d.channel, d.named(m))
	}
	// Whether the draft was taken is not known. The nonce finds it if it was, and
	// then the answer is not in it yet.
	sent, err := d.client.Send(ctx, d.channel, d.named(m))
	if err != nil {
		return nil, err
	}
	return d.client.EditMessage(ctx, d.channel, sent.ID, m)
}

// codeUnknownMessage: the message was deleted.
const codeUnknownMessage = 10008

// Withdraw closes the draft and deletes what is known to stand of it.
func (d *Draft) Withdraw(ctx context.Context) error {
	d.Close()
	if d.posted == nil {
		return nil
	}
	return d.client.DeleteMessage(ctx, d.channel, d.posted.ID)
}

// sendCall writes a message, once for each nonce.
func sendCall(channel string, m wire.Outgoing) *call {
	m = v2(m.Safe())
	m.EnforceNonce = true
	return channelCall(http.MethodPost, channel, "/messages", "/messages", m)
}
