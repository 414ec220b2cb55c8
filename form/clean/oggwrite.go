package clean

import "encoding/binary"

// oggWriter writes pages, counted from nought, of a stream with a fixed number.
type oggWriter struct {
	out   []byte
	count uint32
}

func (w *oggWriter) write(p page) {
	le := binary.LittleEndian
	start := len(w.out)
	w.out = append(w.out, 'O', 'g', 'g', 'S', 0, p.flags)
	w.out = le.AppendUint64(w.out, p.granule)
	w.out = le.AppendUint32(w.out, 1) // the stream's number is random in the original
	w.out = le.AppendUint32(w.out, w.count)
	w.out = le.AppendUint32(w.out, 0)
	w.out = append(w.out, byte(len(p.lacing)))
	w.out = append(append(w.out, p.lacing...), p.body...)
	le.PutUint32(w.out[start+22:], oggSum(w.out[start:]))
	w.count++
}

// packets writes header packets on as many pages as they need; the last page
// ends where the last packet does.
func (w *oggWriter) packets(all [][]byte) {
	var lacing, body []byte
	for _, p := range all {
		for n := len(p); n >= 255; n -= 255 {
			lacing = append(lacing, 255)
		}
		lacing = append(lacing, byte(len(p)%255))
		body = append(body, p...)
	}
	flags := byte(0)
	for len(lacing) > 0 {
		l := lacing[:min(255, len(lacing))]
		lacing = lacing[len(l):]
		size := 0
		for _, n := range l {
			size += int(n)
		}
		granule := uint64(0)
		if l[len(l)-1] == 255 {
			granule = 1<<64 - 1 // ends on no packet, or on one that goes on
			for _, n := range l {
				if n < 255 {
					granule = 0
				}
			}
		}
		w.write(page{flags: flags, granule: granule, lacing: l, body: body[:size]})
		body = body[size:]
		flags = 0
		if l[len(l)-1] == 255 {
			flags = oggContinued
		}
	}
}

// oggTable is for the sum of a page: polynomial 0x04c11db7, not reflected, so
// none of hash/crc32's.
var oggTable = func() (t [256]uint32) {
	for i := range t {
		c := uint32(i) << 24
		for range 8 {
			top := c >> 31
			c = c<<1 ^ top*0x04c11db7
		}
		t[i] = c
	}
	return t
}()

// oggSum is a page's checksum, its own four bytes taken as zero.
func oggSum(page []byte) uint32 {
	c := uint32(0)
	for i, b := range page {
		if i >= 22 && i < 26 {
			b = 0
		}
		c = c<<8 ^ oggTable[byte(c>>24)^b]
	}
	return c
}
