package transcript

// timedFormats are the kinds of transcript that carry cues or segments, in the
// order they are tried. No two of them take the same file but where one is a
// looser form of the other: WebVTT comes before SRT, whose arrows it has, and
// arrays of segments go from the most to the least particular.
var timedFormats = []format{
	{name: "vtt", sniff: sniffVTT, read: readVTT},
	{name: "ssa", sniff: sniffSSA, read: readSSA},
	{name: "ttml", sniff: sniffTTML, read: readTTML},
	{name: "youtube-xml", sniff: sniffYouTubeXML, read: readYouTubeXML},
	{name: "podlove-json", sniff: sniffPodlove, read: readPodlove},
	{name: "podcast-json", sniff: sniffPodcastJSON, read: readPodcastJSON},
	{name: "youtube-json3", sniff: sniffJSON3, read: readJSON3},
	{name: "youtube-json", sniff: sniffYouTubeJSON, read: readYouTubeJSON},
	{name: "whisper-json", sniff: sniffWhisper, read: readWhisper},
	{name: "deepgram-json", sniff: sniffDeepgram, read: readDeepgram},
	{name: "aws-call-analytics-json", sniff: sniffCallAnalytics, read: readCallAnalytics},
	{name: "aws-transcribe-json", sniff: sniffAmazon, read: readAmazon},
	{name: "sbv", sniff: sniffSBV, read: readSBV},
	{name: "srt", sniff: sniffSRT, read: readSRT},
	{name: "tsv", sniff: sniffTSV, read: readTSV},
}
