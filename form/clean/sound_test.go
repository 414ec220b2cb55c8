package clean

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
	"testing"
)

// oggFile writes header packets and then pages of sound.
func oggFile(first string, headers []string, sound ...string) []byte {
	w := oggWriter{}
	w.write(page{flags: oggFirst, lacing: []byte{byte(len(first))}, body: []byte(first)})
	var all [][]byte
	for _, h := range headers {
		all = append(all, []byte(h))
	}
	w.packets(all)
	for i, s := range sound {
		w.write(page{granule: uint64(960 * (i + 1)), lacing: []byte{byte(len(s))}, body: []byte(s)})
	}
	return w.out
}

func comments(head string, fields ...string) string {
	le := binary.LittleEndian
	b := []byte(head)
	b = le.AppendUint32(b, uint32(len(planted)))
	b = append(b, planted...)
	b = le.AppendUint32(b, uint32(len(fields)))
	for _, f := range fields {
		b = le.AppendUint32(b, uint32(len(f)))
		b = append(b, f...)
	}
	return string(b)
}

const (
	opusHead   = "OpusHead\x01\x01\x38\x01\x80\xbb\x00\x00\x00\x00\x00"
	vorbisHead = "\x01vorbis\x00\x00\x00\x00\x01\x80\xbb\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xb8\x01"
)

var telling = []string{"ARTIST=" + planted, "DATE=2024-03-05", "LOCATION=" + planted, "METADATA_BLOCK_PICTURE=" + strings.Repeat(planted, 9000)}

func tellingOpus() []byte {
	return oggFile(opusHead, []string{comments("OpusTags", telling...)}, "\xfc first", "\xfc second")
}

func tellingVorbis() []byte {
	return oggFile(vorbisHead, []string{comments("\x03vorbis", telling...) + "\x01", "\x05vorbis" + strings.Repeat("setup", 900)}, "one", "two")
}

func soundSamples(testing.TB) []sample {
	gone := []string{author, date, "place", program, thumbnail}
	amr := "#!AMR\n" + strings.Repeat("\x3c"+strings.Repeat("s", 31), 3) + "\x44" + "quiet" + "\x7c"
	wide := "#!AMR-WB\n" + strings.Repeat("\x44"+strings.Repeat("s", 60), 3)
	return []sample{
		{name: "Opus", kind: "audio/ogg", file: tellingOpus(), gone: gone},
		{name: "Vorbis", kind: "audio/ogg", file: tellingVorbis(), gone: gone},
		{name: "plain AMR", kind: "audio/amr", file: []byte(amr), bare: true},
		{name: "AMR", kind: "audio/amr", file: []byte(amr + planted), gone: []string{trailing}},
		{name: "AMR-WB", kind: "audio/amr-wb", file: []byte(wide + planted), gone: []string{trailing}},
	}
}

func TestOGGSoundStays(t *testing.T) {
	for name, file := range map[string][]byte{"Opus": tellingOpus(), "Vorbis": tellingVorbis()} {
		before, err := oggPages(file)
		if err != nil {
			t.Fatal(err)
		}
		r, err := Clean(file)
		if err != nil {
			t.Fatal(err)
		}
		after, err := oggPages(r.Copy)
		if err != nil {
			t.Fatal(err)
		}
		for i := 1; i <= 2; i++ {
			a, b := before[len(before)-i], after[len(after)-i]
			if a.granule != b.granule || !bytes.Equal(a.body, b.body) || !slices.Equal(a.lacing, b.lacing) {
				t.Errorf("%s: the sound changed", name)
			}
		}
		if len(after) != 4 {
			t.Errorf("%s: %d pages", name, len(after))
		}
		for i := range after {
			if !bytes.Contains(r.Copy, binary.LittleEndian.AppendUint32([]byte("\x01\x00\x00\x00"), uint32(i))) {
				t.Errorf("%s: page %d is not counted", name, i)
			}
		}
		if name == "Vorbis" && !bytes.Contains(r.Copy, []byte("setupsetup")) {
			t.Error("the setup is gone")
		}
	}
}

// The sum of an empty page, worked out by the long division of RFC 3533.
func TestOGGSum(t *testing.T) {
	message := []byte("OggS\x00\x02\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\xff\xff\xff\xff\x00")
	var c uint32
	for i, b := range message {
		if i >= 22 && i < 26 {
			b = 0
		}
		for bit := 7; bit >= 0; bit-- {
			top := c>>31 ^ uint32(b)>>bit&1
			c <<= 1
			if top == 1 {
				c ^= 0x04c11db7
			}
		}
	}
	if got := oggSum(message); got != c {
		t.Errorf("%08x, want %08x", got, c)
	}
}

func TestOGGRefused(t *testing.T) {
	two := oggFile(opusHead, []string{comments("OpusTags")}, "a")
	other := bytes.Clone(two)
	other[14] = 9
	binary.LittleEndian.PutUint32(other[22:], oggSum(other[:28+len(opusHead)]))
	for name, file := range map[string][]byte{
		"a wrong sum":     flip(two, len(two)-1),
		"data behind":     append(bytes.Clone(two), planted...),
		"cut":             two[:len(two)-1],
		"another stream":  slices.Concat(two, other[:28+len(opusHead)]),
		"one after one":   slices.Concat(two, two),
		"video":           oggFile("\x80theora", []string{"\x81theora"}, "a"),
		"no comments":     oggFile(opusHead, []string{"Nothing"}, "a"),
		"no sound at all": []byte(amrMagic),
		"no frames":       []byte(amrMagic + planted),
	} {
		if _, err := Clean(file); err == nil {
			t.Errorf("%s: a copy was made", name)
		}
	}
}
