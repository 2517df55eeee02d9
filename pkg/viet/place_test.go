package viet

import "testing"

func TestTonePlaced(t *testing.T) {
	for _, tt := range []struct {
		in   string
		want bool
	}{
		{"hòa", true}, {"hoà", true}, {"THỦY", true}, {"thuỷ", true},
		{"quý", true}, {"qúy", false}, // the u belongs to qu
		{"của", true}, {"cuả", false},
		{"đâu", true}, {"đâủ", false}, {"mái", true}, {"maí", false},
		{"hoàn", true}, {"hòan", false},
		{"người", true}, {"ngừơi", false},
		{"khuỷu", true}, {"ngoài", true}, {"ngòai", false},
		{"gì", true}, {"giá", true}, {"gía", false}, {"giếng", true}, {"nghĩa", true},
		{"mía", true}, {"quyết", true}, {"xoong", true}, {"an", true}, {"xyz", false},
	} {
		if got := TonePlaced(tt.in); got != tt.want {
			t.Errorf("TonePlaced(%q) = %v", tt.in, got)
		}
	}
}
