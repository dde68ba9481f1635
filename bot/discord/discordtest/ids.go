package discordtest

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strconv"
	"time"
)

// epoch is the first millisecond of snowflakes [reference: Snowflakes].
const epoch = 1420070400000

// newID makes a snowflake of the server's clock, larger than all before.
// s.mu is held.
func (s *Server) newID() string {
	n := uint64(s.now().UnixMilli()-epoch)<<22 | 1<<17
	if n <= s.lastID {
		n = s.lastID + 1
	}
	s.lastID = n
	return strconv.FormatUint(n, 10)
}

// oldID makes a snowflake of what was there before the test: the nth thing of
// years ago, some seconds apart, so that guilds fall on all shards.
func (s *Server) oldID() string {
	s.oldIDs++
	ms := uint64(1_600_000_000_000-epoch) + s.oldIDs*7919
	return strconv.FormatUint(ms<<22|2<<17|s.oldIDs&0xfff, 10)
}

// SnowflakeTime is when an ID was made; the zero time for what is no ID.
func SnowflakeTime(id string) time.Time {
	n, err := strconv.ParseUint(id, 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMilli(int64(n>>22) + epoch).UTC()
}

// secretFor makes a token or signature that nobody guesses by chance and that
// is the same in every run.
func secretFor(what, id string) string {
	sum := sha256.Sum256([]byte(what + ":" + id))
	return base64.RawURLEncoding.EncodeToString(sum[:]) + base64.RawURLEncoding.EncodeToString(sum[:12])
}

func hexFor(what, id string) string {
	sum := sha256.Sum256([]byte(what + ":" + id))
	return hex.EncodeToString(sum[:])
}
