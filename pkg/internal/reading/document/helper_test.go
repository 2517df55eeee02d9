package document

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"os/exec"
	"testing"
)

func crc(b []byte) uint32 { return crc32.ChecksumIEEE(b) }

func run(t *testing.T, name string, args ...string) {
	t.Helper()
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
}

// withEXIF puts EXIF data with an orientation, and 300 dpi, into a JPEG.
func withEXIF(data []byte, orientation int) []byte {
	le := binary.LittleEndian
	exif := []byte("Exif\x00\x00II*\x00\x08\x00\x00\x00")
	exif = le.AppendUint16(exif, 2)
	for _, e := range [][4]int{{274, 3, 1, orientation}, {282, 5, 1, 38}} {
		exif = le.AppendUint16(exif, uint16(e[0]))
		exif = le.AppendUint16(exif, uint16(e[1]))
		exif = le.AppendUint32(exif, uint32(e[2]))
		exif = le.AppendUint32(exif, uint32(e[3]))
	}
	exif = le.AppendUint32(exif, 0)
	exif = le.AppendUint32(exif, 300)
	exif = le.AppendUint32(exif, 1)
	var b bytes.Buffer
	b.Write(data[:2])
	b.Write([]byte{0xff, 0xe1})
	b.Write(binary.BigEndian.AppendUint16(nil, uint16(len(exif)+2)))
	b.Write(exif)
	b.Write(data[2:])
	return b.Bytes()
}
