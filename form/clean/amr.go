package clean

// Bytes of a frame after its first, by frame type; -1 is no type.
// Source: RFC 4867, 3.6 and 5.3; 3GPP TS 26.101 and 26.201 annex A.
var (
	amrSizes   = [16]int{12, 13, 15, 17, 19, 20, 26, 31, 5, -1, -1, -1, -1, -1, -1, 0}
	amrWBSizes = [16]int{17, 23, 32, 36, 40, 46, 50, 58, 60, 5, -1, -1, -1, -1, 0, 0}
)

const (
	amrMagic   = "#!AMR\n"
	amrWBMagic = "#!AMR-WB\n"
)

func cleanAMR(data []byte, gone *removed) ([]byte, string, error) {
	return amrFrames(data, amrMagic, "audio/amr", &amrSizes, gone)
}

func cleanAMRWB(data []byte, gone *removed) ([]byte, string, error) {
	return amrFrames(data, amrWBMagic, "audio/amr-wb", &amrWBSizes, gone)
}

// amrFrames copies frame after frame. The format has no place for metadata;
// what is no whole frame is not sound, so it and what follows go.
func amrFrames(data []byte, magic, kind string, sizes *[16]int, gone *removed) ([]byte, string, error) {
	at := len(magic)
	for at < len(data) {
		head := data[at]
		n := sizes[head>>3&15]
		if head&0x83 != 0 || n < 0 || at+1+n > len(data) {
			break
		}
		at += 1 + n
	}
	if at == len(magic) {
		return nil, kind, broken("an AMR without sound")
	}
	if at < len(data) {
		gone.add(trailing)
	}
	return append([]byte(nil), data[:at]...), kind, nil
}
