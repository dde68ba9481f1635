package transcript

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

// maxFileLines bounds the lines of a file of any kind: a million cues may take
// several lines each.
const maxFileLines = 8 * MaxLines

// sampled is how much of a file is looked at to tell text from other data.
const sampled = 64 << 10

// open makes the file ready for the readers: unpacked, in UTF-8, split into
// lines. What had to be mended is a warning of the draft.
func open(name string, data []byte, d *draft) (*source, error) {
	if len(data) > MaxBytes {
		return nil, ErrTooLarge
	}
	data, err := unpack(data, d)
	if err != nil {
		return nil, err
	}
	if kind := binaryKind(data); kind != "" {
		return nil, &Error{Err: ErrNotTranscript, Reason: kind}
	}
	raw, err := toUTF8(data, d)
	if err != nil {
		return nil, err
	}
	if len(bytes.TrimSpace(raw)) == 0 {
		return nil, ErrEmpty
	}
	lines, err := splitLines(raw)
	if err != nil {
		return nil, err
	}
	return &source{name: baseName(name), raw: raw, lines: lines}, nil
}

// gzipMagic begins every gzip member (RFC 1952, section 2.3.1).
var gzipMagic = []byte{0x1f, 0x8b}

// unpack undoes one gzip. A stream that breaks off is read as far as it goes.
func unpack(data []byte, d *draft) ([]byte, error) {
	if !bytes.HasPrefix(data, gzipMagic) {
		return data, nil
	}
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, &Error{Err: ErrNotTranscript, Reason: "damaged gzip header"}
	}
	unpacked, err := io.ReadAll(io.LimitReader(z, MaxBytes+1))
	switch {
	case len(unpacked) > MaxBytes:
		return nil, ErrTooLarge
	case err != nil && len(unpacked) == 0:
		return nil, &Error{Err: ErrNotTranscript, Reason: "damaged gzip data"}
	case errors.Is(err, io.ErrUnexpectedEOF):
		d.warn(0, "gzip data breaks off; read as far as it goes")
	case err != nil:
		d.warn(0, "gzip data is damaged (%v); read as far as it goes", err)
	}
	if bytes.HasPrefix(unpacked, gzipMagic) {
		return nil, &Error{Err: ErrNotTranscript, Reason: "gzip within gzip"}
	}
	return unpacked, nil
}

// magics are beginnings of files that people take for text.
var magics = []struct{ prefix, kind string }{
	{"\x89PNG\r\n", "a PNG picture"},
	{"\xff\xd8\xff", "a JPEG picture"},
	{"GIF8", "a GIF picture"},
	{"%PDF-", "a PDF; save its text as a .txt file first"},
	{"{\\rtf", "a rich text file; save it as plain text first"},
	{"PK\x03\x04", "a zip archive or an Office document; save it as plain text first"},
	{"\xd0\xcf\x11\xe0\xa1\xb1", "an Office document; save it as plain text first"},
	{"ID3", "an MP3 file; only transcripts are read, no audio"},
	{"OggS", "an Ogg file; only transcripts are read, no audio"},
	{"fLaC", "a FLAC file; only transcripts are read, no audio"},
	{"RIFF", "a WAV or AVI file; only transcripts are read, no audio"},
	{"\x1aE\xdf\xa3", "a Matroska file; only transcripts are read, no video"},
	{"7z\xbc\xaf\x27\x1c", "a 7z archive"},
	{"Rar!\x1a", "a RAR archive"},
	{"BZh", "a bzip2 file; gzip is the only packing that is read"},
	{"\xfd7zXZ\x00", "an xz file; gzip is the only packing that is read"},
	{"\x28\xb5\x2f\xfd", "a zstd file; gzip is the only packing that is read"},
	{"\x7fELF", "a program"},
	{"SQLite format 3\x00", "an SQLite database"},
}

// binaryKind names the kind of a file that is known not to be text, "" for
// others. Prefixes that are letters only must be followed by binary data.
func binaryKind(data []byte) string {
	if len(data) > 12 && string(data[4:8]) == "ftyp" {
		return "an MP4 or M4A file; only transcripts are read, no audio"
	}
	for _, m := range magics {
		if !bytes.HasPrefix(data, []byte(m.prefix)) {
			continue
		}
		letters := strings.IndexFunc(m.prefix, func(r rune) bool { return r < 'A' || r > 'z' && r != '{' }) < 0
		if letters && m.prefix[0] != '{' && looksText(data[:min(len(data), 512)]) {
			continue
		}
		return m.kind
	}
	return ""
}

// looksText reports that data is UTF-8, but for a cut at its end, without
// control characters.
func looksText(data []byte) bool {
	invalid, controls, _ := census(data)
	return invalid <= utf8.UTFMax-1 && controls == 0
}

// census counts bytes that are no UTF-8, control characters other than white
// space, escape and NUL, and sequences of several bytes.
func census(data []byte) (invalid, controls, multibyte int) {
	for i := 0; i < len(data); {
		if b := data[i]; b < utf8.RuneSelf {
			if b < ' ' && b != 0 && (b < '\t' || b > '\r') && b != 0x1b || b == 0x7f {
				controls++
			}
			i++
			continue
		}
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size == 1 {
			invalid++
		} else {
			multibyte++
		}
		i += size
	}
	return invalid, controls, multibyte
}

// boms are the byte order marks, the longer ones first: UTF-32 LE begins like
// UTF-16 LE.
var boms = []struct {
	mark string
	enc  encoding.Encoding // nil for UTF-8
	unit int               // bytes of a code unit
}{
	{"\xef\xbb\xbf", nil, 1},
	{"\xff\xfe\x00\x00", utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM), 4},
	{"\x00\x00\xfe\xff", utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM), 4},
	{"\xff\xfe", unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), 2},
	{"\xfe\xff", unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), 2},
}

// toUTF8 decodes the text by its byte order mark or, where there is none, by
// what makes sense, and drops NULs.
func toUTF8(data []byte, d *draft) ([]byte, error) {
	for _, bom := range boms {
		if !bytes.HasPrefix(data, []byte(bom.mark)) {
			continue
		}
		data = data[len(bom.mark):]
		if bom.enc == nil {
			break
		}
		return transcode(data, bom.enc, bom.unit, d)
	}
	if enc := markless16(data); enc != nil {
		return transcode(data, enc, 2, d)
	}
	invalid, controls, _ := census(data[:min(len(data), sampled)])
	sample := min(len(data), sampled) - bytes.Count(data[:min(len(data), sampled)], []byte{0})
	// One in fifty is far more than any text has and far less than the one in
	// ten of compressed data.
	if controls*50 > sample && controls > 2 || controls > 0 && invalid*2 > sample {
		return nil, &Error{Err: ErrNotTranscript, Reason: "binary data"}
	}
	// Western text has a letter beyond ASCII in ten at most. Other 8-bit
	// encodings cannot be told apart, and guessing would show wrong words.
	if invalid*3 > sample {
		return nil, &Error{Err: ErrNotTranscript, Reason: "neither UTF-8 nor Western European text; if it is text, save it as UTF-8"}
	}
	return mend(dropNULs(data, d), d), nil
}

// transcode decodes UTF-16 and UTF-32, leaving out a broken last unit.
func transcode(data []byte, enc encoding.Encoding, unit int, d *draft) ([]byte, error) {
	if odd := len(data) % unit; odd > 0 {
		data = data[:len(data)-odd]
		d.warn(0, "file ends within a character")
	}
	raw, err := enc.NewDecoder().Bytes(data)
	if err != nil {
		return nil, &Error{Err: ErrNotTranscript, Reason: err.Error()}
	}
	if _, controls, _ := census(raw[:min(len(raw), sampled)]); controls*20 > min(len(raw), sampled) {
		return nil, &Error{Err: ErrNotTranscript, Reason: "binary data"}
	}
	return dropNULs(raw, d), nil
}

// markless16 recognises UTF-16 without a byte order mark: it has NULs, does not
// read as UTF-8 without them, and does read as UTF-16, with spaces and line
// ends as code units. It is nil for everything else.
func markless16(data []byte) encoding.Encoding {
	sample := data[:min(len(data), 4096)&^1]
	nuls := bytes.Count(sample, []byte{0})
	if nuls == 0 {
		return nil
	}
	if nuls*5 < len(sample) && looksText(bytes.ReplaceAll(sample, []byte{0}, nil)) {
		return nil
	}
	little, big := spaces16(sample, 0), spaces16(sample, 1)
	switch {
	case little > big:
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case big > little:
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	}
	return nil
}

// spaces16 counts the units of white space in UTF-16 whose low byte stands at
// offset low of each pair; 0 if any unit is a control character.
func spaces16(sample []byte, low int) int {
	n := 0
	for i := 0; i+1 < len(sample); i += 2 {
		if sample[i+1-low] != 0 {
			continue
		}
		switch b := sample[i+low]; {
		case b == ' ' || b == '\n' || b == '\r' || b == '\t':
			n++
		case b < ' ':
			return 0
		}
	}
	return n
}

// dropNULs removes NUL bytes, which interrupted downloads and odd exports
// leave behind.
func dropNULs(raw []byte, d *draft) []byte {
	first := bytes.IndexByte(raw, 0)
	if first < 0 {
		return raw
	}
	d.warn(lineAt(raw, first), "%s removed", counted(bytes.Count(raw, []byte{0}), "NUL byte"))
	return bytes.ReplaceAll(raw, []byte{0}, nil)
}

// mend makes UTF-8 of text that is not: bytes outside UTF-8 are read as
// Windows-1252, of which Latin-1 text is a part. In a file that is UTF-8
// otherwise, a character cut off at the end of the file is left out.
func mend(raw []byte, d *draft) []byte {
	if utf8.Valid(raw) {
		return raw
	}
	invalid, _, multibyte := census(raw)
	if multibyte > 0 {
		if tail := cutTail(raw); tail > 0 {
			raw, invalid = raw[:len(raw)-tail], invalid-tail
			d.warn(lineAt(raw, len(raw)), "file ends within a character")
		}
	}
	if invalid <= 0 {
		return raw
	}
	out := make([]byte, 0, len(raw)+invalid)
	first := -1
	for i := 0; i < len(raw); {
		r, size := utf8.DecodeRune(raw[i:])
		if r == utf8.RuneError && size == 1 {
			if first < 0 {
				first = i
			}
			r = charmap.Windows1252.DecodeByte(raw[i])
		}
		out = utf8.AppendRune(out, r)
		i += size
	}
	d.warn(lineAt(raw, first), "%s outside UTF-8, read as Windows-1252", counted(invalid, "byte"))
	return out
}

// counted is "1 byte", "2 bytes".
func counted(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}

// cutTail is the number of bytes of an incomplete character at the end.
func cutTail(raw []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(raw); n++ {
		b := raw[len(raw)-n]
		if utf8.RuneStart(b) {
			if b >= utf8.RuneSelf && !utf8.FullRune(raw[len(raw)-n:]) {
				return n
			}
			return 0
		}
	}
	return 0
}

// splitLines cuts at LF, CRLF and CR alike, as WebVTT does (section 4.1) and
// editors show it. A line end at the end of the file begins no further line.
func splitLines(raw []byte) ([]string, error) {
	text := string(raw)
	total := lineAt(raw, len(raw))
	if total > maxFileLines+1 {
		return nil, ErrTooManyLines
	}
	lines := make([]string, 0, total)
	for len(text) > 0 {
		i := strings.IndexAny(text, "\r\n")
		if i < 0 {
			lines = append(lines, text)
			break
		}
		lines = append(lines, text[:i])
		if text[i] == '\r' && i+1 < len(text) && text[i+1] == '\n' {
			i++
		}
		text = text[i+1:]
	}
	return lines, nil
}

// lineAt is the number of the line in which the byte at offset stands, counted
// from 1.
func lineAt(raw []byte, offset int) int {
	before := raw[:min(offset, len(raw))]
	n := 1 + bytes.Count(before, []byte{'\n'})
	for {
		i := bytes.IndexByte(before, '\r')
		if i < 0 {
			return n
		}
		if i+1 == len(raw) || i+1 == len(before) && raw[len(before)] != '\n' || i+1 < len(before) && before[i+1] != '\n' {
			n++
		}
		before = before[i+1:]
		raw = raw[i+1:]
	}
}

// baseName is the file name without folders, of either kind of system.
func baseName(path string) string {
	if i := strings.LastIndexAny(path, `/\`); i >= 0 {
		return path[i+1:]
	}
	return path
}
