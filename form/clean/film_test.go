package clean

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
	"testing"
)

func mp4Box(kind string, parts ...string) string {
	body := strings.Join(parts, "")
	return string(binary.BigEndian.AppendUint32(nil, uint32(8+len(body)))) + kind + body
}

func num(n ...uint32) string {
	var b []byte
	for _, v := range n {
		b = binary.BigEndian.AppendUint32(b, v)
	}
	return string(b)
}

const made = 0xe20c4a17 // a date

// track is a track of one chunk with samples of these sizes.
func trackBox(id uint32, handler, entry string, offset uint32, sizes ...uint32) string {
	zeros := func(n int) string { return strings.Repeat("\x00", n) }
	n := uint32(len(sizes))
	return mp4Box("trak",
		mp4Box("tkhd", num(7, made, made, id, 0, 1000), zeros(60)),
		mp4Box("mdia",
			mp4Box("mdhd", num(0, made, made, 1000, 1000, 0x55c40000)),
			mp4Box("hdlr", num(0, 0), handler, zeros(12), planted+" Handler\x00"),
			mp4Box("minf",
				mp4Box("dinf", mp4Box("dref", num(0, 1), mp4Box("url ", num(1)))),
				mp4Box("stbl",
					mp4Box("stsd", num(0, 1), entry),
					mp4Box("stts", num(0, 1, n, 1000/n)),
					mp4Box("stsc", num(0, 1, 1, n, 1)),
					mp4Box("stsz", num(0, 0, n), num(sizes...)),
					mp4Box("stco", num(0, 1, offset)),
				))),
		mp4Box("udta", mp4Box("name", planted)))
}

func soundEntry() string {
	return mp4Box("mp4a", num(0, 1, 0), "PLNT", num(0x20010, 0, 48000<<16), mp4Box("esds", num(0), "decoder"), mp4Box("uuid", planted))
}

func pictureEntry() string {
	name := make([]byte, 32)
	name[0] = byte(copy(name[1:], planted))
	return mp4Box("avc1", num(0, 1, 0), "PLNT", num(0, 0, 320<<16|240, 72<<16, 72<<16, 0, 1)[:26], string(name), "\x00\x18\xff\xff",
		mp4Box("avcC", "decoder"), mp4Box("colr", "prof", string(profile())))
}

const (
	videoData = "picture1picture2"
	soundData = "sound1sound2"
	wayData   = planted + " 12.345 98.765"
)

// filmFile has its data before its tables, as phones write it, so that the
// places are known beforehand.
func filmFile(brand string, video, way bool) []byte {
	ftyp := mp4Box("ftyp", brand, num(512), brand)
	slack := planted + "slack"
	at := uint32(len(ftyp) + 8)
	mdat := mp4Box("mdat", videoData, slack, soundData, wayData)
	moov := []string{mp4Box("mvhd", num(0, made, made, 1000, 1000, 0x10000), strings.Repeat("\x00", 76))}
	if video {
		moov = append(moov, trackBox(1, "vide", pictureEntry(), at, 8, 8))
	}
	moov = append(moov, trackBox(2, "soun", soundEntry(), at+uint32(len(videoData+slack)), 6, 6))
	if way {
		moov = append(moov, trackBox(3, "meta", mp4Box("mebx", num(0, 1), planted), at+uint32(len(videoData+slack+soundData)), uint32(len(wayData))))
	}
	moov = append(moov, mp4Box("udta", mp4Box("\xa9xyz", "\x00\x16\x15\xc7+12.3456+098.7654/"), mp4Box("\xa9nam", planted)),
		mp4Box("meta", num(0), mp4Box("hdlr", planted)))
	return []byte(ftyp + mdat + mp4Box("moov", moov...) +
		mp4Box("uuid", "\xbe\x7a\xcf\xcb\x97\xa9\x42\xe8\x9c\x71\x99\x94\x91\xe3\xaf\xac<x:xmpmeta>"+planted) + mp4Box("free", planted))
}

// stillFile is a HEIF of one coded picture, EXIF and XMP.
func stillFile(brand string) []byte {
	infe := func(id uint32, kind, name string) string {
		return mp4Box("infe", num(2<<24, id<<16), kind, name)
	}
	exif := "\x00\x00\x00\x06" + exifName + string(told(6))
	xmp := "<x:xmpmeta>" + planted
	picture := "coded picture"
	ftyp := mp4Box("ftyp", brand, num(0), "mif1"+brand)
	build := func(at uint32) string {
		item := func(id, at, size uint32) string { return num(id<<16, 1, at, size)[:4] + num(1, at, size)[2:] }
		iloc := item(1, at, uint32(len(picture))) + item(2, at+uint32(len(picture)), uint32(len(exif))) + item(3, at+uint32(len(picture+exif)), uint32(len(xmp)))
		return mp4Box("meta", num(0),
			mp4Box("hdlr", num(0, 0), "pict", num(0, 0, 0), planted+"\x00"),
			mp4Box("pitm", num(0), "\x00\x01"),
			mp4Box("iinf", num(0), "\x00\x03", infe(1, "hvc1", planted+"\x00"), infe(2, "Exif", "\x00"), infe(3, "mime", "\x00application/rdf+xml\x00")),
			mp4Box("iref", num(0), mp4Box("cdsc", "\x00\x02\x00\x01\x00\x01")),
			mp4Box("iprp",
				mp4Box("ipco", mp4Box("hvcC", "decoder"), mp4Box("ispe", num(0, 320, 240)), mp4Box("udes", num(0), planted), mp4Box("colr", "prof", string(profile())), mp4Box("irot", "\x01")),
				mp4Box("ipma", num(0, 1), "\x00\x01\x05\x81\x82\x03\x04\x85")),
			mp4Box("iloc", num(0), "\x44\x00\x00\x03", iloc))
	}
	at := uint32(len(ftyp) + len(build(0)) + 8)
	return []byte(ftyp + build(at) + mp4Box("mdat", picture, exif, xmp))
}

func filmSamples(testing.TB) []sample {
	gone := []string{"GPS position", description, date, program, xmpWord, unknown}
	return []sample{
		{name: "MP4", kind: "video/mp4", file: filmFile("isom", true, true), gone: append(gone, "track of positions, movement or text", "names in the colour profile")},
		{name: "QuickTime", kind: "video/quicktime", file: filmFile("qt  ", true, false), gone: gone},
		{name: "M4A", kind: "audio/mp4", file: filmFile("M4A ", false, false), gone: gone},
		{name: "3GP", kind: "audio/3gpp", file: filmFile("3gp4", false, false), gone: gone},
		{name: "HEIC", kind: "image/heic", file: stillFile("heic"), gone: []string{"GPS position", camera, author, thumbnail, xmpWord, comment, program, "names in the colour profile"}},
		{name: "AVIF", kind: "image/avif", file: stillFile("avif"), gone: []string{"GPS position"}},
	}
}

func TestFilmStays(t *testing.T) {
	for name, file := range map[string][]byte{"film": filmFile("isom", true, true), "still": stillFile("heic")} {
		r, err := Clean(file)
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Copy) != len(file) {
			t.Errorf("%s: something moved", name)
		}
		for _, s := range []string{videoData, soundData, "coded picture", "decoder", "stsc", "irot\x01"} {
			if at := bytes.Index(file, []byte(s)); at >= 0 && !bytes.HasPrefix(r.Copy[at:], []byte(s)) {
				t.Errorf("%s: %q is gone", name, s)
			}
		}
		if !bytes.Contains(r.Copy, []byte("\x6f\xa2\x00\x00\x38\xf5")) {
			t.Errorf("%s: the colours of the profile are gone", name)
		}
		if bytes.Contains(r.Copy, binary.BigEndian.AppendUint32(nil, made)) {
			t.Errorf("%s: a date stays", name)
		}
	}
}

func TestFilmRefused(t *testing.T) {
	film := string(filmFile("isom", true, true))
	replace := func(old, new string) []byte {
		if !strings.Contains(film, old) {
			t.Fatalf("no %q", old)
		}
		return []byte(strings.ReplaceAll(film, old, new))
	}
	still := stillFile("heic")
	for name, file := range map[string][]byte{
		"data behind":      slices.Concat([]byte(film), []byte("more")),
		"cut":              []byte(film)[:len(film)-1],
		"locked":           replace("esds", "sinf"),
		"no tracks":        []byte(mp4Box("ftyp", "isom", num(0)) + mp4Box("mdat", "x")),
		"in another file":  replace("url "+num(1), "url "+num(0)),
		"streamed, a way":  slices.Concat([]byte(film), []byte(mp4Box("moof"))),
		"unknown brand":    replace("ftypisom", "ftypcrx "),
		"unknown picture":  bytes.Replace(still, []byte("hvc1"), []byte("what"), 1),
		"a locked picture": bytes.Replace(still, []byte("\x00\x00hvc1"), []byte("\x00\x01hvc1"), 1),
		"a place outside":  bytes.Replace(still, []byte("\x00\x00\x00\x0d\x00\x02"), []byte("\xff\xff\x00\x0d\x00\x02"), 1),
	} {
		if r, err := Clean(file); err == nil {
			t.Errorf("%s: a copy was made as %s", name, r.Type)
		}
	}
}
