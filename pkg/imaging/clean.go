package imaging

func (p *page) clean() error { return nil }
