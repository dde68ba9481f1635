package transcript

// timedFormats are the kinds of transcript that carry cues or segments, in the
// order they are tried.
var timedFormats = []format{}
