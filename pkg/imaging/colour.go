package imaging

// dropColour makes a colour page grey.
func (p *page) dropColour() error {
	if p.pix.Depth() != 32 {
		return nil
	}
	q, err := p.pix.Luminance()
	if err != nil {
		return err
	}
	p.set(q)
	return nil
}
