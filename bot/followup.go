package bot

// StandAlone makes a follow-up question one that can be searched for by itself.
func StandAlone(history []Turn, question string) string {
	return question
}
