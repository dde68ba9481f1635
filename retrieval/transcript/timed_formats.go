package transcript

// timedFormats are the kinds of transcript that carry cues or segments, in the
// order they are tried. No two of them take the same file but where one is a
// looser form of the other: WebVTT comes before SRT, whose arrows it has.
var timedFormats = []format{
	{name: "vtt", sniff: sniffVTT, read: readVTT},
	{name: "ssa", sniff: sniffSSA, read: readSSA},
	{name: "ttml", sniff: sniffTTML, read: readTTML},
	{name: "youtube-xml", sniff: sniffYouTubeXML, read: readYouTubeXML},
	{name: "podlove-json", sniff: sniffJSON("podlove-json"), read: readPodlove},
	{name: "podcast-json", sniff: sniffJSON("podcast-json"), read: readPodcastJSON},
	{name: "youtube-json3", sniff: sniffJSON("youtube-json3"), read: readJSON3},
	{name: "youtube-json", sniff: sniffJSON("youtube-json"), read: readYouTubeJSON},
	{name: "whisper-json", sniff: sniffJSON("whisper-json"), read: readWhisper},
	{name: "deepgram-json", sniff: sniffJSON("deepgram-json"), read: readDeepgram},
	{name: "aws-call-analytics-json", sniff: sniffJSON("aws-call-analytics-json"), read: readCallAnalytics},
	{name: "aws-transcribe-json", sniff: sniffJSON("aws-transcribe-json"), read: readAmazon},
	{name: "sbv", sniff: sniffSBV, read: readSBV},
	{name: "srt", sniff: sniffSRT, read: readSRT},
	{name: "tsv", sniff: sniffTSV, read: readTSV},
}
