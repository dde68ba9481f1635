package discordtest

import "testing"

type openAPI struct{}

func (o *openAPI) hasPath(string) bool          { return false }
func (o *openAPI) check(*request) []problem     { return nil }
func officialDescription(t testing.TB) *openAPI { return nil }
