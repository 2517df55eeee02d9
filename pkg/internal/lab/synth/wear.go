package synth

import (
	"bytes"
	"image"
	"image/jpeg"
	"math"
	"math/rand/v2"
)

// Wear is what happens to a page between the typesetting and the reader:
// print, copies, age, scan. The zero value is a clean print, scanned in grey.
// Lengths are pixels at 300 dpi whatever the resolution of the scan.
type Wear struct {
	Placement
	Spread      float64 // of toner at the edges: 0.2 fattens strokes, -0.2 thins them
	Rough       float64 // of the edges, 0 to 1
	Generations int     // copies of copies before the scan
	Fade        float64 // loss of toner, 0 to 1
	Blotch      float64 // how unevenly toner is lost, 0 to 1
	Blur        float64 // of the scanner, standard deviation
	Paper       float64 // how dark the paper is, 0 to 1
	Gradient    float64 // of the light across the page, 0 to 1
	Shadow      float64 // along the spine or an edge, 0 to 1
	Bleed       float64 // of the other side through the paper, 0 to 1
	Noise       float64 // of the sensor, standard deviation, 0 to 1
	Grain       float64 // of paper and toner, coarser than Noise
	Speckles    float64 // of dirt, a square inch
	Streaks     int     // lines along the feed from dirt on the glass
	Bilevel     bool    // black and white only, as fax machines and archives do
	Threshold   float64 // for Bilevel, 0 means 0.5; higher fattens
	Uneven      float64 // how much the threshold varies over the page
	FaxDPI      float64 // resolution of a bilevel copy that was scaled up to DPI; 0 is none
	JPEG        int     // quality of a lossy copy, 0 is none
	Color       bool    // keeps the red of the stamp and the blue of the pen
}

// Scan draws a page and wears it down. It returns an *image.Gray, or an
// *image.RGBA if the wear keeps colours; the bilevel ones hold 0 and 255 only.
func (w *Wear) Scan(p *Page, rng *rand.Rand) image.Image {
	if w.DPI == 0 {
		w.DPI = 300
	}
	pl := p.draw(&w.Placement)
	s := &scan{Wear: *w, rng: rng, w: pl.w, h: pl.h, k: w.DPI / 300}
	ink := s.print(pl)
	channels := 1
	if w.Color && !w.Bilevel {
		channels = 3
	}
	light := s.light()
	grain := s.noiseField(2.5*s.k, s.Grain)
	sensor := rng.Uint64()
	var out [3][]float32
	for c := range channels {
		out[c] = s.expose(ink, c, channels, light, grain)
		s.dirt(out[c], sensor)
		blur(out[c], s.w, s.h, s.Blur*s.k)
		s.sense(out[c], sensor)
	}
	if w.Bilevel {
		s.threshold(out[0])
	}
	return w.compress(s.image(out, channels))
}

// scan holds what the stages of one Scan share.
type scan struct {
	Wear
	rng  *rand.Rand
	w, h int
	k    float64 // pixels of this scan in one at 300 dpi
}

// print returns the density of each ink, 0 to 1: toner spreads, its edges are
// rough, every copy blurs and hardens them again, and patches fade.
func (s *scan) print(pl *plate) [inks][]float32 {
	var ink [inks][]float32
	for i, cover := range pl.ink {
		if cover == nil {
			continue
		}
		d := make([]float32, len(cover))
		for j, c := range cover {
			d[j] = float32(c) / 255
		}
		ink[i] = d
		if ink := ink[i]; i == int(inkBlack) {
			for g := range s.Generations + 1 {
				s.toner(ink, g)
			}
			s.fade(ink)
		} else if i == int(inkStamp) {
			s.stampPad(ink)
		}
	}
	return ink
}

// toner blurs the ink and hardens its edges again. Where the hardening cuts is
// how far toner spreads; noise in it makes edges rough and hairlines break.
func (s *scan) toner(d []float32, generation int) {
	if s.Spread == 0 && s.Rough == 0 && s.Generations == 0 {
		return
	}
	blur(d, s.w, s.h, (0.55+0.5*s.Rough)*s.k)
	rough := s.noiseField(0.7*s.k, 0.35*s.Rough)
	cut := float32(0.5 - s.Spread)
	if generation > 0 {
		cut = float32(0.5 - 0.5*s.Spread)
	}
	for i, v := range d {
		if v < 0.004 {
			d[i] = 0
			continue
		}
		if rough != nil {
			v += rough[i]
		}
		v = 0.5 + 3*(v-cut)
		d[i] = min(max(v, 0), 1)
	}
}

func (s *scan) fade(d []float32) {
	if s.Fade == 0 && s.Blotch == 0 {
		return
	}
	blotch := s.noiseField(28*s.k, s.Blotch)
	keep := float32(1 - s.Fade)
	for i, v := range d {
		if v == 0 {
			continue
		}
		k := keep
		if blotch != nil {
			k *= 1 - max(0, min(1, 2*blotch[i]))
		}
		d[i] = v * k
	}
}

// stampPad inks a rubber stamp unevenly.
func (s *scan) stampPad(d []float32) {
	pad := s.noiseField(9*s.k, 0.35)
	for i, v := range d {
		if v > 0 {
			d[i] = v * min(1, max(0.25, 0.85+pad[i]))
		}
	}
}

// Reflectance of the inks in red, green and blue; grey scanners see mostly green.
var reflectance = [inks][3]float32{
	inkBlack: {0.10, 0.10, 0.10},
	inkStamp: {0.82, 0.22, 0.24},
	inkPen:   {0.16, 0.20, 0.55},
	inkWater: {0.76, 0.76, 0.78},
}

// expose lays the inks over the lit paper in one colour channel.
func (s *scan) expose(ink [inks][]float32, channel, channels int, light, grain []float32) []float32 {
	out := make([]float32, s.w*s.h)
	paper := float32(1 - s.Paper)
	if channels == 3 && channel == 2 {
		paper *= float32(1 - 0.25*s.Paper) // old paper is yellow
	}
	for i := range out {
		v := paper
		if grain != nil {
			v += grain[i]
		}
		out[i] = v
	}
	if s.Bleed > 0 && ink[inkBlack] != nil {
		s.bleed(out, ink[inkBlack])
	}
	for in, d := range ink {
		if d == nil {
			continue
		}
		r := reflectance[in][channel]
		if channels == 1 {
			r = 0.25*reflectance[in][0] + 0.65*reflectance[in][1] + 0.10*reflectance[in][2]
		}
		for i, v := range d {
			if v > 0 {
				out[i] *= 1 - v*(1-r)
			}
		}
	}
	if light != nil {
		for i := range out {
			out[i] *= light[i]
		}
	}
	return out
}

// bleed shows the page's own text mirrored, as if it were printed on the back.
func (s *scan) bleed(out, ink []float32) {
	back := make([]float32, len(ink))
	dy := s.h / 37
	for y := range s.h {
		from := (y + dy) % s.h
		for x := range s.w {
			back[y*s.w+x] = ink[from*s.w+s.w-1-x]
		}
	}
	blur(back, s.w, s.h, 2.2*s.k)
	for i, v := range back {
		if v > 0.01 {
			out[i] *= 1 - float32(s.Bleed)*v
		}
	}
}

// light is the brightness over the page: a slope and the shadow of an edge.
func (s *scan) light() []float32 {
	if s.Gradient == 0 && s.Shadow == 0 {
		return nil
	}
	out := make([]float32, s.w*s.h)
	sin, cos := math.Sincos(s.rng.Float64() * 2 * math.Pi)
	left := s.rng.IntN(2) == 0
	reach := (0.03 + 0.07*s.rng.Float64()) * float64(s.w)
	slope := make([]float32, s.w)
	for x := range s.w {
		d := float64(x)
		if !left {
			d = float64(s.w - x)
		}
		slope[x] = float32(1 - s.Shadow*math.Exp(-d/reach))
	}
	for y := range s.h {
		v := float64(y)/float64(s.h) - 0.5
		for x := range s.w {
			u := float64(x)/float64(s.w) - 0.5
			out[y*s.w+x] = slope[x] * float32(1-s.Gradient*(0.5+u*cos+v*sin)/1.2)
		}
	}
	return out
}

// dirt sprinkles specks and draws streaks. Every channel gets the same.
func (s *scan) dirt(out []float32, seed uint64) {
	if s.Speckles == 0 && s.Streaks == 0 {
		return
	}
	rng := rand.New(rand.NewPCG(seed, 1))
	area := float64(s.w) / s.DPI * float64(s.h) / s.DPI
	for range int(s.Speckles * area) {
		cx, cy := rng.Float64()*float64(s.w), rng.Float64()*float64(s.h)
		r := (0.4 + 1.1*rng.ExpFloat64()) * s.k
		r = min(r, 5*s.k)
		dark := float32(0.25 + 0.6*rng.Float64())
		squash := 0.5 + rng.Float64()
		for y := max(0, int(cy-r)); y <= min(s.h-1, int(cy+r)); y++ {
			for x := max(0, int(cx-r)); x <= min(s.w-1, int(cx+r)); x++ {
				if math.Hypot((float64(x)-cx)*squash, float64(y)-cy) <= r {
					out[y*s.w+x] *= 1 - dark
				}
			}
		}
	}
	for range s.Streaks {
		x := rng.IntN(s.w)
		width := 1 + rng.IntN(1+int(2*s.k))
		dark := float32(0.15 + 0.5*rng.Float64())
		y0 := rng.IntN(s.h)
		y1 := min(s.h, y0+s.h/8+rng.IntN(s.h))
		for y := y0; y < y1; y++ {
			for dx := range width {
				if x+dx < s.w && rng.IntN(8) > 0 {
					out[y*s.w+x+dx] *= 1 - dark
				}
			}
		}
	}
}

// sense adds the noise of the sensor.
func (s *scan) sense(out []float32, seed uint64) {
	if s.Noise == 0 {
		return
	}
	n := newNoise(seed)
	sd := float32(s.Noise)
	for i := range out {
		out[i] += sd * n.next()
	}
}

// threshold makes a page black and white. The cut wanders over the page. A fax
// copy is cut at its own resolution and scaled up with hard edges.
func (s *scan) threshold(out []float32) {
	cut := float32(s.Threshold)
	if cut == 0 {
		cut = 0.5
	}
	wander := s.noiseField(60*s.k, s.Uneven)
	at := func(i int) float32 {
		if wander != nil {
			return cut + wander[i]
		}
		return cut
	}
	if s.FaxDPI == 0 || s.FaxDPI >= s.DPI {
		for i, v := range out {
			out[i] = 0
			if v > at(i) {
				out[i] = 1
			}
		}
		return
	}
	step := s.DPI / s.FaxDPI
	fw, fh := int(float64(s.w)/step)+1, int(float64(s.h)/step)+1
	coarse := make([]float32, fw*fh)
	for fy := range fh {
		y0, y1 := int(float64(fy)*step), min(s.h, int(float64(fy+1)*step))
		for fx := range fw {
			x0, x1 := int(float64(fx)*step), min(s.w, int(float64(fx+1)*step))
			sum, n := float32(0), 0
			for y := y0; y < y1; y++ {
				for x := x0; x < x1; x++ {
					sum += out[y*s.w+x] - at(y*s.w+x)
					n++
				}
			}
			if n == 0 || sum > 0 {
				coarse[fy*fw+fx] = 1
			}
		}
	}
	for y := range s.h {
		fy := int(float64(y) / step)
		for x := range s.w {
			out[y*s.w+x] = coarse[fy*fw+int(float64(x)/step)]
		}
	}
}

func (s *scan) image(out [3][]float32, channels int) image.Image {
	level := func(v float32) uint8 { return uint8(min(max(v*255+0.5, 0), 255)) }
	r := image.Rect(0, 0, s.w, s.h)
	if channels == 1 {
		img := image.NewGray(r)
		for i, v := range out[0] {
			img.Pix[i] = level(v)
		}
		return img
	}
	img := image.NewRGBA(r)
	for i := range out[0] {
		for c := range 3 {
			img.Pix[4*i+c] = level(out[c][i])
		}
		img.Pix[4*i+3] = 255
	}
	return img
}

// compress passes the image through JPEG.
func (w *Wear) compress(img image.Image) image.Image {
	if w.JPEG == 0 || w.Bilevel {
		return img
	}
	var buf bytes.Buffer
	if jpeg.Encode(&buf, img, &jpeg.Options{Quality: w.JPEG}) != nil {
		return img
	}
	lossy, err := jpeg.Decode(&buf)
	if err != nil {
		return img
	}
	if g, ok := lossy.(*image.Gray); ok {
		return g
	}
	out := image.NewRGBA(img.Bounds())
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			out.Set(x, y, lossy.At(x, y))
		}
	}
	return out
}

// noise is a fast source of normal numbers: the sum of four bytes is close
// enough to a bell for dust and sensors.
type noise struct{ a, b uint64 }

func newNoise(seed uint64) *noise { return &noise{seed | 1, seed>>7 ^ 0x9e3779b97f4a7c15} }

func (n *noise) next() float32 {
	// xorshift128+
	x, y := n.a, n.b
	n.a = y
	x ^= x << 23
	n.b = x ^ y ^ x>>17 ^ y>>26
	v := n.b + y
	sum := int32(v>>56) + int32(v>>48&255) + int32(v>>40&255) + int32(v>>32&255)
	return float32(sum-510) / 147.8
}

// noiseField returns smooth noise of the given standard deviation whose bumps
// are about 2·radius pixels wide; nil if there is nothing to add.
func (s *scan) noiseField(radius, sd float64) []float32 {
	if sd == 0 {
		return nil
	}
	n := newNoise(s.rng.Uint64())
	out := make([]float32, s.w*s.h)
	if radius < 1.5 { // fine enough to blur in place
		for i := range out {
			out[i] = n.next()
		}
		blur(out, s.w, s.h, radius)
		// A Gaussian of this radius leaves 1/(2·radius·√π) of white noise.
		k := float32(sd)
		if radius > 0.3 {
			k *= float32(2 * radius * math.Sqrt(math.Pi))
		}
		for i := range out {
			out[i] *= k
		}
		return out
	}
	// Coarse: a grid of values, interpolated smoothly.
	step := 2 * radius
	gw, gh := int(float64(s.w)/step)+3, int(float64(s.h)/step)+3
	grid := make([]float32, gw*gh)
	for i := range grid {
		grid[i] = n.next() * float32(sd) * 1.4
	}
	type cell struct {
		i int
		f float32
	}
	cells := make([]cell, s.w)
	for x := range cells {
		u := float64(x) / step
		f := u - math.Floor(u)
		cells[x] = cell{int(u), float32(f * f * (3 - 2*f))}
	}
	for y := range s.h {
		v := float64(y) / step
		f := v - math.Floor(v)
		fy := float32(f * f * (3 - 2*f))
		top, bottom := grid[int(v)*gw:], grid[(int(v)+1)*gw:]
		row := out[y*s.w : (y+1)*s.w]
		for x, c := range cells {
			a := top[c.i] + c.f*(top[c.i+1]-top[c.i])
			b := bottom[c.i] + c.f*(bottom[c.i+1]-bottom[c.i])
			row[x] = a + fy*(b-a)
		}
	}
	return out
}

// blur is a Gaussian blur in place.
func blur(pix []float32, w, h int, sigma float64) {
	if sigma < 0.2 {
		return
	}
	radius := max(1, int(math.Ceil(2.5*sigma)))
	kernel := make([]float32, radius+1)
	sum := 0.0
	for i := range kernel {
		v := math.Exp(-float64(i*i) / (2 * sigma * sigma))
		kernel[i] = float32(v)
		sum += v
		if i > 0 {
			sum += v
		}
	}
	for i := range kernel {
		kernel[i] /= float32(sum)
	}
	line := make([]float32, w+2*radius)
	for y := range h {
		row := pix[y*w : (y+1)*w]
		copy(line[radius:], row)
		for i := range radius {
			line[i], line[radius+w+i] = row[0], row[w-1]
		}
		for x := range row {
			c := line[x:]
			v := kernel[0] * c[radius]
			for i := 1; i <= radius; i++ {
				v += kernel[i] * (c[radius-i] + c[radius+i])
			}
			row[x] = v
		}
	}
	// Down the columns a row at a time, keeping the rows still needed.
	ring := make([][]float32, 2*radius+1)
	for i := range ring {
		ring[i] = make([]float32, w)
	}
	at := func(y int) []float32 { return ring[((y%len(ring))+len(ring))%len(ring)] }
	for y := -radius; y <= radius; y++ {
		copy(at(y), pix[min(max(y, 0), h-1)*w:][:w])
	}
	for y := range h {
		row := pix[y*w : (y+1)*w]
		mid := at(y)
		for x := range row {
			row[x] = kernel[0] * mid[x]
		}
		for i := 1; i <= radius; i++ {
			up, down, k := at(y-i), at(y+i), kernel[i]
			for x := range row {
				row[x] += k * (up[x] + down[x])
			}
		}
		if next := y + radius + 1; y+1 < h {
			copy(at(next), pix[min(next, h-1)*w:][:w])
		}
	}
}
